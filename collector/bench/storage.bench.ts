/**
 * Bytes a value on disk, in Tidewatch, InfluxDB and VictoriaMetrics, side by side: `npm run bench -- storage [--quick]`.
 * A day that has ended, once with every series at the same instants and once with milliseconds of jitter.
 */
import { join } from 'node:path'
import { load, settle } from './load.ts'
import { diskBytesOf } from './meter.ts'
import { missingPeers, type Peer, startPeers } from './peers.ts'
import { printTable, writeReport } from './report.ts'
import { fieldNames } from './workload.ts'

const quick = process.argv.includes('--quick')
const dayMs = 86_400_000
const hours = quick ? 6 : 24
const jitters = [0, 500]

type Figure = { readonly peer: string; readonly jitterMs: number; readonly bytesAValue: number }

/** The rest of its folder is room for the days that are open, which the next points fill, and the roll-ups. */
const sealedOf = (peer: Peer): Peer => ({
  ...peer,
  name: 'tidewatch: the sealed day alone',
  directories: peer.directories.map((directory) => join(directory, 'metrics.duckdb.sealed')),
})

async function measure(jitterMs: number): Promise<Figure[]> {
  const fromMs = (Math.floor(Date.now() / dayMs) - 1) * dayMs
  const peers = await startPeers({ writeThrough: false })
  try {
    const points = await load(peers, { fromMs, toMs: fromMs + hours * 3_600_000 }, jitterMs)
    await settle(peers, { sealed: true })
    return [...peers, ...peers.filter(({ name }) => name === 'tidewatch').map(sealedOf)].map((peer) => {
      return { peer: peer.name, jitterMs, bytesAValue: diskBytesOf(peer) / (points * fieldNames.length) }
    })
  } finally {
    for (const peer of peers) await peer.stop()
  }
}

async function main(): Promise<void> {
  for (const missing of missingPeers()) console.log(`LEFT OUT: ${missing} is not installed.`)
  const figures: Figure[] = []
  for (const jitterMs of jitters) figures.push(...(await measure(jitterMs)))
  const names = [...new Set(figures.map(({ peer }) => peer))]
  const show = (name: string, jitterMs: number) =>
    figures.find(({ peer, jitterMs: jitter }) => peer === name && jitter === jitterMs)?.bytesAValue.toFixed(2) ?? ''
  printTable(
    `Bytes a value, ${hours} h of 1,000 series with 4 fields, everything in the data folder counted where not said otherwise`,
    ['', ...jitters.map((jitterMs) => (jitterMs === 0 ? 'same instants' : `${jitterMs} ms of jitter`))],
    names.map((name) => [name, ...jitters.map((jitterMs) => show(name, jitterMs))]),
  )
  writeReport('storage', { quick, hours, figures })
}

await main()
