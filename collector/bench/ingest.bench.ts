/**
 * Line protocol into Tidewatch, InfluxDB and VictoriaMetrics, side by side: `npm run bench -- ingest [--quick]`.
 * Every round sends the same bytes to each in turn, so that what disturbs the machine meets all of them.
 */
import { cpuBetween, cpuOf, memoryOfAll, untilIdle } from './meter.ts'
import { missingPeers, type Peer, startPeers } from './peers.ts'
import { printTable, ratioOf, showSpread, spreadOf, writeReport } from './report.ts'
import { sendAll } from './send.ts'
import { createStream, seriesCount } from './workload.ts'

const quick = process.argv.includes('--quick')
const rounds = quick ? 3 : 7
const cells = [
  { lines: 100, points: quick ? 40_000 : 80_000 },
  { lines: 1000, points: quick ? 120_000 : 240_000 },
  { lines: 5000, points: quick ? 200_000 : 400_000 },
].flatMap((cell) => [1, 8].map((connections) => ({ ...cell, connections })))

type Cell = (typeof cells)[number]
type Round = { readonly pointsPerSecond: number; readonly cpuSecondsPerMillion: Record<string, number> }
type Result = { readonly cell: Cell; readonly peer: string; readonly rounds: Round[] }

/** What each connection sends: an agent with hosts of its own. */
function createBodies({ lines, points, connections }: Cell, fromMs: number): { lists: Buffer[][]; sent: number; nextMs: number } {
  const count = seriesCount / connections
  const streams = Array.from({ length: connections }, (_, i) => createStream({ first: i * count, count, fromMs }))
  const batches = Math.ceil(points / lines / connections)
  const lists = streams.map((stream) => Array.from({ length: batches }, () => stream.take(lines)))
  return { lists, sent: batches * lines * connections, nextMs: Math.max(...streams.map((stream) => stream.nextMs())) }
}

async function runOnce(peer: Peer, lists: Buffer[][], points: number): Promise<Round> {
  const before = cpuOf(peer)
  const startedMs = performance.now()
  await sendAll(peer, lists)
  const seconds = (performance.now() - startedMs) / 1000
  const cpu = Object.entries(cpuBetween(before, cpuOf(peer))).map(([name, used]) => [name, (used * 1e6) / points])
  return { pointsPerSecond: points / seconds, cpuSecondsPerMillion: Object.fromEntries(cpu) }
}

/** Another one begins each time. */
const rotated = <Item>(items: readonly Item[], by: number) => items.map((_, i) => items[(i + by) % items.length] as Item)

async function measure(peers: readonly Peer[]): Promise<{ results: Result[]; points: number }> {
  const results = cells.flatMap((cell) => peers.map((peer): Result => ({ cell, peer: peer.name, rounds: [] })))
  let fromMs = Date.now() - 6 * 86_400_000
  let points = 0
  // The first round warms up and is not counted.
  for (let round = 0; round <= rounds; round++) {
    for (const cell of cells) {
      const { lists, sent, nextMs } = createBodies(cell, fromMs)
      fromMs = nextMs
      points += sent
      for (const peer of rotated(peers, round)) {
        globalThis.gc?.()
        const one = await runOnce(peer, lists, sent)
        if (round > 0) results.find((result) => result.cell === cell && result.peer === peer.name)?.rounds.push(one)
      }
    }
    process.stdout.write(`round ${round} of ${rounds}\r`)
  }
  return { results, points }
}

const cpuTotals = (result: Result) =>
  result.rounds.map(({ cpuSecondsPerMillion }) => Object.values(cpuSecondsPerMillion).reduce((sum, seconds) => sum + seconds, 0))
const rates = (result: Result) => result.rounds.map(({ pointsPerSecond }) => pointsPerSecond)
const thousands = (value: number) => `${Math.round(value / 1000)}k`
const hundredths = (value: number) => value.toFixed(2)

/** `tidewatch` against this one; writing through is held against writing to InfluxDB directly. */
function compare(result: Result, results: readonly Result[]) {
  const of = (name: string) => results.find(({ cell, peer }) => cell === result.cell && peer === name)
  const isThrough = result.peer.includes('→')
  const [ours, theirs] = isThrough ? [result, of('influxdb')] : [of('tidewatch'), result]
  if (!ours || !theirs || ours === theirs) return undefined
  return { rate: ratioOf(rates(ours), rates(theirs)), cpu: ratioOf(cpuTotals(ours), cpuTotals(theirs)) }
}

function toRow(result: Result, results: readonly Result[]): string[] {
  const ratio = compare(result, results)
  return [
    `${result.cell.lines} × ${result.cell.connections}`,
    result.peer,
    showSpread(spreadOf(rates(result)), thousands),
    showSpread(spreadOf(cpuTotals(result)), hundredths),
    ratio ? showSpread(ratio.rate, hundredths) : '',
    ratio ? showSpread(ratio.cpu, hundredths) : '',
  ]
}

async function main(): Promise<void> {
  for (const missing of missingPeers()) console.log(`LEFT OUT: ${missing} is not installed.`)
  const peers = await startPeers({ writeThrough: true })
  try {
    await untilIdle(peers, 5)
    const atRest = Object.fromEntries(peers.map((peer) => [peer.name, memoryOfAll(peer)]))
    const before = peers.map(cpuOf)
    const { results, points } = await measure(peers)
    const loaded = Object.fromEntries(peers.map((peer) => [peer.name, memoryOfAll(peer)]))
    await untilIdle(peers, 15)
    const whole = peers.map((peer, i) => ({ peer: peer.name, cpuSeconds: cpuBetween(before[i] ?? {}, cpuOf(peer)) }))
    printTable(
      `Ingest, ${rounds} rounds, median [least..most]. Ratios are Tidewatch against that row, "→" against InfluxDB directly.`,
      ['lines × connections', '', 'points/s', 'CPU-s/M points', 'rate ratio', 'CPU ratio'],
      results.map((result) => toRow(result, results)),
    )
    printTable(
      `All of it, with what follows in the background: ${points} points each`,
      ['process', 'CPU-s', 'resident at rest', 'under load', 'most'],
      whole.flatMap(({ peer, cpuSeconds }) =>
        Object.entries(cpuSeconds).map(([name, seconds]) => {
          const [rest, now] = [atRest[peer]?.[name], loaded[peer]?.[name]]
          return [`${peer}: ${name}`, seconds.toFixed(1), `${rest?.residentMb} MB`, `${now?.residentMb} MB`, `${now?.peakMb} MB`]
        }),
      ),
    )
    const compared = results.map((result) => ({ ...result, ratio: compare(result, results) }))
    writeReport('ingest', { quick, points, results: compared, whole, memory: { atRest, loaded } })
  } finally {
    for (const peer of peers) await peer.stop()
  }
}

await main()
