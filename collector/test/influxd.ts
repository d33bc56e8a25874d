import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { findFreePorts } from './ports.ts'

const path = '/usr/bin/influxd'
const startMsMax = 120_000

/** Whether the real InfluxDB is here: on Debian, `apt install influxdb`. */
export const hasInfluxd = existsSync(path)

export type InfluxdSettings = { readonly authEnabled?: boolean; readonly bodyBytesMax?: number }

export type Influxd = {
  readonly url: string
  readonly pid: number
  readonly directory: string
  /** Ends the process and leaves its data. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
  /** The same data at the same address again. */
  restart(): Promise<void>
  /** Ends it and deletes its data. */
  stop(): Promise<void>
}

/** Starts Debian's influxd on free ports with a data directory of its own, and waits until it answers. */
export async function startInfluxd(settings: InfluxdSettings = {}): Promise<Influxd> {
  const directory = await mkdtemp(join(tmpdir(), 'tidewatch-influxd-'))
  const [httpPort, backupPort] = await findFreePorts(2)
  const configPath = join(directory, 'influxdb.conf')
  await writeFile(configPath, toConfig(directory, httpPort ?? 0, backupPort ?? 0, settings))
  const log = join(directory, 'influxd.log')
  const run = () => spawn('/bin/sh', ['-c', 'exec "$0" run -config "$1" >> "$2" 2>&1', path, configPath, log], { stdio: 'ignore' })
  let child = run()
  const url = `http://127.0.0.1:${httpPort}`
  const stop = async () => {
    await end(child)
    await rm(directory, { recursive: true, force: true })
  }
  try {
    await untilItAnswers(url, child)
  } catch (cause) {
    const text = await readFile(log, 'utf8').catch(() => '')
    await stop()
    throw new Error(`influxd did not start: ${text}`, { cause })
  }
  const restart = async () => {
    child = run()
    await untilItAnswers(url, child)
  }
  return { url, pid: child.pid ?? 0, directory, kill: (signal) => end(child, signal), restart, stop }
}

async function untilItAnswers(url: string, child: ChildProcess): Promise<void> {
  const giveUpAt = Date.now() + startMsMax
  for (let pauseMs = 10; Date.now() < giveUpAt; pauseMs = Math.min(pauseMs * 1.5, 500)) {
    if (child.exitCode !== null) throw new Error(`influxd ended with code ${child.exitCode}`)
    if (await answers(`${url}/ping`)) return
    await wait(pauseMs)
  }
  throw new Error(`influxd did not answer within ${startMsMax} ms`)
}

function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    get(url, (response) => {
      response.resume()
      resolve(response.statusCode === 204)
    }).on('error', () => resolve(false))
  })
}

async function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM' = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

function toConfig(directory: string, httpPort: number, backupPort: number, settings: InfluxdSettings): string {
  const { authEnabled = false, bodyBytesMax = 25_000_000 } = settings
  return `
reporting-disabled = true
bind-address = "127.0.0.1:${backupPort}"
[meta]
  dir = "${directory}/meta"
[data]
  dir = "${directory}/data"
  wal-dir = "${directory}/wal"
  index-version = "tsi1"
  query-log-enabled = false
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:${httpPort}"
  auth-enabled = ${authEnabled}
  log-enabled = false
  max-body-size = ${bodyBytesMax}
[logging]
  level = "warn"
`
}
