import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { newFolder, spawnCollector } from '../test/collector.ts'
import { hasInfluxd, startInfluxd } from '../test/influxd.ts'
import { findFreePorts } from '../test/ports.ts'

const victoriaMetrics = '/usr/bin/victoria-metrics'
const startMsMax = 30_000

/** A program under measurement, in processes of its own, with a folder of its own. */
export type Peer = {
  readonly name: string
  readonly url: string
  /** Where line protocol goes. */
  readonly writePath: string
  /** The processes that do its work, by name. */
  readonly pids: Readonly<Record<string, number>>
  readonly directories: readonly string[]
  stop(): Promise<void>
}

/** Tells why a comparison is left out where a peer is not installed; on Debian both are packages. */
export function missingPeers(): string[] {
  const missing = hasInfluxd ? [] : ['InfluxDB (apt install influxdb)']
  return existsSync(victoriaMetrics) ? missing : [...missing, 'VictoriaMetrics (apt install victoria-metrics)']
}

/** Everything that is installed, the collector first, and for `writeThrough` the collector in front of an InfluxDB of its own. */
export async function startPeers({ writeThrough }: { writeThrough: boolean }): Promise<Peer[]> {
  const peers = [await startTidewatch()]
  if (hasInfluxd) peers.push(await startInfluxPeer())
  if (existsSync(victoriaMetrics)) peers.push(await startVictoriaMetrics())
  if (hasInfluxd && writeThrough) peers.push(await startWriteThrough())
  return peers
}

async function startTidewatch(): Promise<Peer> {
  const directory = newFolder()
  const { url, child } = await spawnCollector(['--data', directory, '--store', 'duckdb'])
  return {
    name: 'tidewatch',
    ...{ url, writePath: '/write?db=bench', pids: { tidewatch: child.pid ?? 0 }, directories: [directory] },
    stop: () => end(child, [directory]),
  }
}

async function startInfluxPeer(): Promise<Peer> {
  const { url, pid, directory, stop } = await startInfluxd()
  await createDatabase(url, 'bench')
  return { name: 'influxdb', url, writePath: '/write?db=bench', pids: { influxd: pid }, directories: [directory], stop }
}

async function startWriteThrough(): Promise<Peer> {
  const influxd = await startInfluxd()
  const directory = newFolder()
  const { url, child } = await spawnCollector(['--data', directory, '--store', 'influxdb'], { TIDEWATCH_INFLUX_URL: influxd.url })
  return {
    name: 'tidewatch → influxdb',
    url,
    writePath: '/write?db=bench',
    pids: { tidewatch: child.pid ?? 0, influxd: influxd.pid },
    directories: [influxd.directory],
    async stop() {
      await end(child, [directory])
      await influxd.stop()
    },
  }
}

async function startVictoriaMetrics(): Promise<Peer> {
  const directory = newFolder()
  const [port] = await findFreePorts(1)
  const flags = ['-storageDataPath', directory, '-httpListenAddr', `127.0.0.1:${port}`, '-retentionPeriod', '100y', '-loggerLevel', 'ERROR']
  const child = spawn(victoriaMetrics, flags, { stdio: 'ignore' })
  const url = `http://127.0.0.1:${port}`
  await untilHealthy(`${url}/health`, child)
  return {
    name: 'victoriametrics',
    ...{ url, writePath: '/write?db=bench', pids: { 'victoria-metrics': child.pid ?? 0 }, directories: [directory] },
    stop: () => end(child, [directory]),
  }
}

async function untilHealthy(url: string, child: ChildProcess): Promise<void> {
  const giveUpAt = Date.now() + startMsMax
  while (Date.now() < giveUpAt) {
    if (child.exitCode !== null) throw new Error(`victoria-metrics ended with code ${child.exitCode}`)
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok) return
    await wait(20)
  }
  throw new Error(`victoria-metrics did not answer within ${startMsMax} ms`)
}

async function createDatabase(url: string, name: string): Promise<void> {
  const answer = await fetch(`${url}/query`, { method: 'POST', body: new URLSearchParams({ q: `CREATE DATABASE ${name}` }) })
  if (!answer.ok) throw new Error(`influxd did not create ${name}: ${await answer.text()}`)
}

async function end(child: ChildProcess, folders: readonly string[]): Promise<void> {
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
}

/** What ran, for the report. */
export function versions(): Record<string, string> {
  const firstLine = (command: string, args: string[]) => execFileSync(command, args, { encoding: 'utf8' }).trim().split('\n')[0] ?? ''
  return {
    node: process.version,
    ...(hasInfluxd && { influxd: firstLine('/usr/bin/influxd', ['version']) }),
    ...(existsSync(victoriaMetrics) && {
      'victoria-metrics': execFileSync('/bin/sh', ['-c', `${victoriaMetrics} -version 2>&1`], { encoding: 'utf8' }).trim(),
    }),
  }
}
