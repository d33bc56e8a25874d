/**
 * What a replay of stored samples takes, in time and memory: `npm run bench -- replay [--quick]`.
 * The command is run by itself on a data directory, as a person would, with 20 rules on every series.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBatchBuilder, toWholeBatch } from '../src/ingest/batch-builder.ts'
import { appendPoints } from '../src/ingest/points.ts'
import { createSeriesTable, fieldOf } from '../src/ingest/series-table.ts'
import { systemClock } from '../src/lib/clock.ts'
import { silentLog } from '../src/lib/log.ts'
import { duckdb } from '../src/stores/duckdb/duckdb.ts'
import { memoryOf } from './meter.ts'
import { printTable, writeReport } from './report.ts'

const quick = process.argv.includes('--quick')
const everyMs = 10_000
const command = join(import.meta.dirname, '../bin/tidewatch.js')
const sizes = quick
  ? [{ series: 100, hours: 6 }]
  : [
      { series: 100, hours: 24 },
      { series: 1000, hours: 24 },
    ]

/** Each fires for some hosts at some hours. */
const config = `
presets: []
rules:
${Array.from({ length: 20 }, (_, index) => `  - { name: R${index}, source: { measurement: load, field: value, where: { part: p${index} } }, window: ${(index % 5) + 1}m, aggregate: mean, condition: { above: 97 }, for: 1m }`).join('\n')}
`

async function fill(directory: string, { series, hours }: (typeof sizes)[number], fromMs: number): Promise<void> {
  const store = duckdb.create(duckdb.schema.parse({ type: 'duckdb' }), { clock: systemClock, log: silentLog, fetch, dataDir: directory })
  await store.start()
  const table = createSeriesTable()
  for (let at = 0; at < hours * 3_600_000; at += everyMs) {
    const points = Array.from({ length: series }, (_, index) => ({
      measurement: 'load',
      tags: { host: `h${index}`, part: `p${index % 20}` },
      fields: { value: 50 + 50 * Math.sin((at / 3_600_000) * 3 + index) },
      timeNs: BigInt(fromMs + at) * 1_000_000n,
    }))
    const builder = createBatchBuilder((id) => fieldOf(table, id))
    appendPoints(points, table, builder, { nowNs: 0n })
    await store.write(toWholeBatch(builder))
  }
  await store.stop()
}

type Figure = { readonly seconds: number; readonly peakMb: number; readonly messages: number; readonly samples: number }

/** The most memory is read until the process is gone. */
async function measure(directory: string, fromMs: number, toMs: number): Promise<Figure> {
  const file = join(directory, 'config.yaml')
  writeFileSync(file, config)
  const startedMs = performance.now()
  const times = ['--from', new Date(fromMs).toISOString(), '--to', new Date(toMs).toISOString()]
  const child = spawn(process.execPath, [command, 'rules', 'replay', ...times, '--config', file, '--data', directory, '--format', 'json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let peakMb = 0
  const timer = setInterval(() => {
    try {
      peakMb = Math.max(peakMb, memoryOf(child.pid ?? 0).peakMb)
    } catch {
      // It has just ended.
    }
  }, 100)
  const out: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
  await new Promise((resolve) => child.once('close', resolve))
  clearInterval(timer)
  const report = JSON.parse(Buffer.concat(out).toString()) as { messages: unknown[]; samples: number }
  return {
    seconds: (performance.now() - startedMs) / 1000,
    ...{ peakMb, messages: report.messages.length, samples: report.samples },
  }
}

async function main(): Promise<void> {
  const figures: (Figure & (typeof sizes)[number])[] = []
  for (const size of sizes) {
    const directory = mkdtempSync(join(tmpdir(), 'tidewatch-replay-bench-'))
    try {
      const toMs = Math.floor(Date.now() / everyMs) * everyMs
      const fromMs = toMs - size.hours * 3_600_000
      await fill(directory, size, fromMs)
      figures.push({ ...size, ...(await measure(directory, fromMs, toMs)) })
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  }
  printTable(
    'A replay by the command, a sample every 10 s',
    ['series', 'hours', 'samples', 'messages', 'seconds', 'peak MB'],
    figures.map((one) => [one.series, one.hours, one.samples, one.messages, one.seconds.toFixed(1), one.peakMb].map(String)),
  )
  writeReport('replay', { quick, figures })
}

await main()
