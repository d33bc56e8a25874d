/**
 * The dashboards' queries on one day of 1,000 series, in Tidewatch, InfluxDB and VictoriaMetrics, side by side:
 * `npm run bench -- query [--quick] [--hours=168] [--sealed]`. Everything is asked over HTTP and read to the end.
 * `--sealed` asks for days that have ended, after each peer has brought them into the form in which it keeps them.
 */
import { Agent, request } from 'node:http'
import { type DashboardQuery, dashboardQueries, type Request } from './dashboard-queries.ts'
import { load, settle } from './load.ts'
import { cpuBetween, cpuOf, diskBytesOf, memoryOfAll } from './meter.ts'
import { missingPeers, type Peer, startPeers } from './peers.ts'
import { printTable, ratioOf, showSpread, spreadOf, writeReport } from './report.ts'
import { fieldNames } from './workload.ts'

const quick = process.argv.includes('--quick')
const hours = Number(process.argv.find((argument) => argument.startsWith('--hours='))?.split('=')[1] ?? (quick ? 6 : 24))
const rounds = quick ? 5 : 15
const sealed = process.argv.includes('--sealed')
const agent = new Agent({ keepAlive: true })

type Result = { readonly query: string; readonly peer: string; readonly ms: number[]; readonly cpuMs: number[] }

function ask(peer: Peer, { path, body }: Request): Promise<string> {
  const { hostname, port } = new URL(peer.url)
  const headers = body === undefined ? {} : { 'content-type': 'application/json' }
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, agent, headers, method: body === undefined ? 'GET' : 'POST' }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk) => chunks.push(chunk))
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        answer.statusCode === 200 ? resolve(text) : reject(new Error(`${peer.name} answered ${answer.statusCode}: ${text.slice(0, 500)}`))
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

type Frames = { results: { A: { frames: { fields: { name: string; values: number[] }[] }[] } } }
type InfluxAnswer = { results: { series?: { values: [number, number | null][] }[] }[] }
type MetricsAnswer = { data: { result: { values?: [number, string][]; value?: [number, string] }[] } }

/** Every value of an answer, in no order that matters. */
const valuesOf: Record<string, (text: string) => number[]> = {
  tidewatch: (text) =>
    (JSON.parse(text) as Frames).results.A.frames.flatMap(
      ({ fields }) => fields.find(({ name }) => name !== 'time' && name !== 'Time')?.values ?? [],
    ),
  influxdb: (text) =>
    (JSON.parse(text) as InfluxAnswer).results.flatMap(({ series = [] }) => series.flatMap(({ values }) => values.map(([, v]) => v ?? 0))),
  victoriametrics: (text) =>
    (JSON.parse(text) as MetricsAnswer).data.result.flatMap(({ values, value }) =>
      (values ?? (value ? [value] : [])).map(([, v]) => Number(v)),
    ),
}

/** A fast answer that is wrong is worth nothing: as many values from each, and the same ones on average. */
async function checkAnswers(peers: readonly Peer[], query: DashboardQuery): Promise<void> {
  const found: { name: string; count: number; mean: number }[] = []
  for (const peer of peers) {
    const asked = requestOf(peer, query)
    if (!asked) continue
    const values = valuesOf[peer.name]?.(await ask(peer, asked)) ?? []
    found.push({ name: peer.name, count: values.length, mean: values.reduce((sum, value) => sum + value, 0) / values.length })
  }
  const [first, ...others] = found
  for (const other of others) {
    // A window that ends at a step holds one other sample than one that begins there.
    const near = Math.abs(other.mean - (first?.mean ?? 0)) < (other.name === 'victoriametrics' ? 0.05 : 1e-6)
    if (other.count !== first?.count || !near) throw new Error(`"${query.name}" is answered differently: ${JSON.stringify(found)}`)
  }
}

const requestOf = (peer: Peer, { requests }: DashboardQuery): Request | undefined => requests[peer.name as keyof typeof requests]

async function measure(peers: readonly Peer[], queries: readonly DashboardQuery[]): Promise<Result[]> {
  const results = queries.flatMap(({ name, requests }) =>
    peers.filter((peer) => peer.name in requests).map((peer): Result => ({ query: name, peer: peer.name, ms: [], cpuMs: [] })),
  )
  for (let round = 0; round < rounds; round++) {
    for (const query of queries) {
      for (const peer of round % 2 === 0 ? peers : peers.toReversed()) {
        const asked = requestOf(peer, query)
        const result = results.find((one) => one.query === query.name && one.peer === peer.name)
        if (!asked || !result) continue
        const before = cpuOf(peer)
        const startedMs = performance.now()
        await ask(peer, asked)
        result.ms.push(performance.now() - startedMs)
        result.cpuMs.push(Object.values(cpuBetween(before, cpuOf(peer))).reduce((sum, seconds) => sum + seconds * 1000, 0))
      }
    }
  }
  return results
}

const tenths = (value: number) => value.toFixed(1)
const hundredths = (value: number) => value.toFixed(2)
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const oursOf = (result: Result, results: readonly Result[]) =>
  results.find(({ query, peer }) => query === result.query && peer === 'tidewatch' && peer !== result.peer)

function toRow(result: Result, results: readonly Result[]): string[] {
  const ours = oursOf(result, results)
  const ratio = ours ? showSpread(ratioOf(ours.ms, result.ms), hundredths) : ''
  return [result.query, result.peer, showSpread(spreadOf(result.ms), tenths), tenths(mean(result.cpuMs)), ratio]
}

async function main(): Promise<void> {
  for (const missing of missingPeers()) console.log(`LEFT OUT: ${missing} is not installed.`)
  // On whole hours (of a day that has ended), so that every peer cuts the same buckets.
  const unitMs = sealed ? 86_400_000 : 3_600_000
  const toMs = Math.floor(Date.now() / unitMs) * unitMs
  const range = { fromMs: toMs - hours * 3_600_000, toMs }
  const peers = await startPeers({ writeThrough: false })
  try {
    const points = await load(peers, range)
    await settle(peers, { sealed })
    const queries = dashboardQueries(range)
    for (const query of queries) await checkAnswers(peers, query)
    const results = await measure(peers, queries)
    printTable(
      `Queries on ${hours} h${sealed ? ', sealed' : ''}, ${rounds} rounds, median [least..most]. A ratio is Tidewatch's time against that row's.`,
      ['query', '', 'ms', 'CPU-ms', 'ratio'],
      results.map((result) => toRow(result, results)),
    )
    const state = peers.map((peer) => ({
      peer: peer.name,
      bytesAValue: diskBytesOf(peer) / (points * fieldNames.length),
      memory: memoryOfAll(peer),
    }))
    printTable(
      `After it: ${points} points on disk${sealed ? '' : ', as they lie'}`,
      ['', 'bytes a value', 'resident', 'most'],
      state.map(({ peer, bytesAValue, memory }) => {
        const [{ residentMb, peakMb } = { residentMb: 0, peakMb: 0 }] = Object.values(memory)
        return [peer, hundredths(bytesAValue), `${residentMb} MB`, `${peakMb} MB`]
      }),
    )
    const compared = results.map((result) => ({ ...result, ratio: ratioOf(oursOf(result, results)?.ms ?? [], result.ms) }))
    writeReport(sealed ? 'query-sealed' : 'query', { quick, hours, points, results: compared, state })
  } finally {
    agent.destroy()
    for (const peer of peers) await peer.stop()
  }
}

await main()
