/**
 * What the collector takes from its machine: `npm run bench -- footprint [--quick] [--gb=1]`. At rest with the host's own
 * metrics, while it answers a query for a million rows, and how long it takes to start on a large store.
 */
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { newFolder, type Spawned, spawnCollector } from '../test/collector.ts'
import { cpuSecondsOf, diskBytesOf, type Memory, memoryOf, untilIdle } from './meter.ts'
import type { Peer } from './peers.ts'
import { printTable, showSpread, spreadOf, writeReport } from './report.ts'
import { sendAll } from './send.ts'
import { createStream, seriesCount, stepMs } from './workload.ts'

const quick = process.argv.includes('--quick')
const gigabytes = Number(process.argv.find((argument) => argument.startsWith('--gb='))?.split('=')[1] ?? (quick ? 0.05 : 1))
const restSeconds = quick ? 20 : 60
const queryRounds = quick ? 3 : 7
const rowsASeries = 1000
const loopGap = join(import.meta.dirname, 'loop-gap.js')

const pidOf = ({ child }: Spawned): number => child.pid ?? 0
const asPeer = (spawned: Spawned, directory: string): Peer => ({
  name: 'tidewatch',
  url: spawned.url,
  writePath: '/write?db=bench',
  pids: { tidewatch: pidOf(spawned) },
  directories: [directory],
  stop: () => end(spawned),
})

async function end({ child }: Spawned): Promise<void> {
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

/** As an operator finds it: host and self sources on, nobody asking. The first start fills the cache of compiled code. */
async function measureRest(): Promise<{ cpuPercent: number; memory: Memory }> {
  const directory = newFolder()
  await end(await spawnCollector(['--data', directory, '--store', 'duckdb']))
  const spawned = await spawnCollector(['--data', directory, '--store', 'duckdb'])
  await untilIdle([asPeer(spawned, directory)], 15)
  const before = cpuSecondsOf(pidOf(spawned))
  await wait(restSeconds * 1000)
  const cpuPercent = ((cpuSecondsOf(pidOf(spawned)) - before) / restSeconds) * 100
  const memory = memoryOf(pidOf(spawned))
  await end(spawned)
  await rm(directory, { recursive: true, force: true })
  return { cpuPercent, memory }
}

type HeavyQuery = { ms: number[]; gapMs: number[]; rows: number; before: Memory; after: Memory }

/** A million raw rows in one answer. `gapMs` is the longest time that the event loop was not free. */
async function measureHeavyQuery(): Promise<HeavyQuery> {
  const directory = newFolder()
  const gapFile = join(newFolder(), 'gap')
  const env = { NODE_OPTIONS: `--import ${loopGap}`, TIDEWATCH_LOOP_GAP: gapFile }
  const spawned = await spawnCollector(['--data', directory, '--store', 'duckdb'], env)
  const toMs = Math.floor(Date.now() / 60_000) * 60_000
  const fromMs = toMs - rowsASeries * stepMs
  const peer = asPeer(spawned, directory)
  await sendAll(peer, [bodiesOf(createStream({ first: 0, count: seriesCount, fromMs }), rowsASeries * seriesCount)])
  await untilIdle([peer], 20)
  const result: HeavyQuery = { ms: [], gapMs: [], rows: 0, before: memoryOf(pidOf(spawned)), after: memoryOf(pidOf(spawned)) }
  for (let round = 0; round < queryRounds; round++) {
    await readGap(spawned, gapFile)
    const startedMs = performance.now()
    result.rows = await askRows(spawned.url, { from: fromMs, to: toMs })
    result.ms.push(performance.now() - startedMs)
    result.gapMs.push(await readGap(spawned, gapFile))
  }
  result.after = memoryOf(pidOf(spawned))
  await end(spawned)
  await rm(directory, { recursive: true, force: true })
  return result
}

async function readGap({ child }: Spawned, file: string): Promise<number> {
  rmSync(file, { force: true })
  child.kill('SIGUSR2')
  while (!existsSync(file) || readFileSync(file, 'utf8') === '') await wait(5)
  return Number(readFileSync(file, 'utf8'))
}

/** Reads the answer to its end and counts rows without keeping them. */
async function askRows(url: string, range: { from: number; to: number }): Promise<number> {
  const query = { refId: 'A', kind: 'metrics', measurement: 'cpu', fields: ['usage_user'], aggregate: 'none', groupBy: ['host'] }
  const body = JSON.stringify({ range, queries: [{ ...query, limit: rowsASeries }] })
  const answer = await fetch(`${url}/api/v1/query`, { method: 'POST', body })
  const text = await answer.text()
  const { results } = JSON.parse(text) as { results: { A: { error?: unknown; frames?: { fields: { values: unknown[] }[] }[] } } }
  if (!results.A.frames) throw new Error(JSON.stringify(results.A.error))
  return results.A.frames.reduce((sum, { fields }) => sum + (fields[0]?.values.length ?? 0), 0)
}

function bodiesOf(stream: ReturnType<typeof createStream>, points: number): Buffer[] {
  const bodies: Buffer[] = []
  for (let left = points; left > 0; left -= 5000) bodies.push(stream.take(Math.min(5000, left)))
  return bodies
}

/** Fills a store, stops it, and times its next start until it says that it is ready and until it has answered a query. */
async function measureStart(): Promise<{ bytes: number; readyMs: number; answeredMs: number; memory: Memory }> {
  const directory = newFolder()
  const filled = await spawnCollector(['--data', directory, '--store', 'duckdb'])
  const peer = asPeer(filled, directory)
  const stream = createStream({ first: 0, count: seriesCount, fromMs: Date.now() - 400 * 86_400_000 })
  while (diskBytesOf(peer) < gigabytes * 1e9) {
    await sendAll(peer, [bodiesOf(stream, 500_000)])
    process.stdout.write(`filled ${Math.round(diskBytesOf(peer) / 1e6)} MB\r`)
  }
  const toMs = stream.nextMs()
  await untilIdle([peer], 60)
  await end(filled)
  const bytes = diskBytesOf(peer)
  const startedMs = performance.now()
  const again = await spawnCollector(['--data', directory, '--store', 'duckdb'])
  while (!(await fetch(`${again.url}/readyz`)).ok) await wait(5)
  const readyMs = performance.now() - startedMs
  await askRows(again.url, { from: toMs - 300_000, to: toMs })
  const answeredMs = performance.now() - startedMs
  const memory = memoryOf(pidOf(again))
  await end(again)
  await rm(directory, { recursive: true, force: true })
  return { bytes, readyMs, answeredMs, memory }
}

const whole = (value: number) => String(Math.round(value))

async function main(): Promise<void> {
  const rest = await measureRest()
  const heavy = await measureHeavyQuery()
  const start = await measureStart()
  printTable(
    'What the collector takes',
    ['', 'figure'],
    [
      [`at rest for ${restSeconds} s, host and self sources on: processor`, `${rest.cpuPercent.toFixed(2)} % of a core`],
      ['at rest: resident memory', `${rest.memory.residentMb} MB`],
      [`${heavy.rows} raw rows in one answer, ms`, showSpread(spreadOf(heavy.ms), whole)],
      ['meanwhile: longest time the event loop was not free, ms', showSpread(spreadOf(heavy.gapMs), whole)],
      ['resident memory before and at most', `${heavy.before.residentMb} MB, ${heavy.after.peakMb} MB`],
      [`start on ${whole(start.bytes / 1e6)} MB: ready, first answer, ms`, `${whole(start.readyMs)}, ${whole(start.answeredMs)}`],
      ['resident memory after it', `${start.memory.residentMb} MB`],
    ],
  )
  writeReport('footprint', { quick, restSeconds, rest, heavy, start })
}

await main()
