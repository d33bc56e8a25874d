import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { pushTimeseries } from 'prometheus-remote-write'
import { type AlertPeer, hasPrometheus, hasVmalert, type Setup, startPrometheus, startTidewatch, startVmalert } from './alert-peers.ts'
import { cpuSecondsOf, memoryOf } from './meter.ts'
import { printTable, writeReport } from './report.ts'

const isQuick = process.argv.includes('--quick')
const [rules, seriesPerRule] = [1000, 10]
const [everyMs, forMs, trials] = [10_000, isQuick ? 30_000 : 60_000, isQuick ? 300 : 1000]

/** When each host was first told of, by the path that it was told on. */
const told = new Map<string, number>()
const receiver = await startReceiver()

type Sample = { readonly group: string; readonly host: string; readonly value: number }
const all: Sample[] = Array.from({ length: rules * seriesPerRule }, (_, index) => ({
  group: `g${index % rules}`,
  host: `h${index}`,
  value: 50,
}))

/** Those that stay hot until they are told of: a peer that evaluates seldom must still find them so. */
const hot = new Set<string>()
const current = (): readonly Sample[] => all.map((sample) => (hot.has(sample.host) ? { ...sample, value: 95 } : sample))

/** Takes alerts as a webhook and as an Alertmanager, and notes when each host came. */
async function startReceiver() {
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part) => parts.push(part))
    request.on('end', () => {
      const atMs = performance.now()
      const peer = request.url?.split('/')[1] ?? ''
      for (const [, host] of Buffer.concat(parts)
        .toString()
        .matchAll(/"host":"(h\d+)"/g)) {
        const key = `${peer} ${host}`
        if (!told.has(key)) told.set(key, atMs)
      }
      response.end('{}')
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

async function send({ url, protocol }: AlertPeer, samples: readonly Sample[]): Promise<void> {
  if (protocol === 'line') {
    const body = samples.map(({ group, host, value }) => `load,group=${group},host=${host} value=${value}`).join('\n')
    const answer = await fetch(`${url}/write?db=bench`, { method: 'POST', body })
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`)
    return
  }
  const timestamp = Date.now()
  const series = samples.map(({ group, host, value }) => ({
    labels: { __name__: 'load_value', group, host },
    samples: [{ value, timestamp }],
  }))
  await pushTimeseries(series, { url: `${url}/api/v1/write`, fetch: fetch as never })
}

const cpuOf = ({ pids }: AlertPeer) => pids.reduce((sum, pid) => sum + cpuSecondsOf(pid), 0)
const memoryMbOf = ({ pids }: AlertPeer) => pids.reduce((sum, pid) => sum + memoryOf(pid).residentMb, 0)

/** Every series every ten seconds, to all alike. */
async function keepSending(peers: readonly AlertPeer[], durationMs: number, isOver = () => false): Promise<void> {
  for (let passed = 0; passed < durationMs && !isOver(); passed += everyMs) {
    const startedAt = performance.now()
    for (const peer of peers) await send(peer, current())
    await wait(Math.max(0, everyMs - (performance.now() - startedAt)))
  }
}

/** No answer for so long is one of endless length. */
const longestMs = 40_000
const millisecondsText = (ms: number) => (Number.isFinite(ms) ? `${ms.toFixed(1)} ms` : `over ${longestMs / 1000} s`)

/** One host after the other gets hot; from the moment its sample is sent to the moment the receiver is told. */
async function latenciesOf(peer: AlertPeer, count: number, pauseMs: number): Promise<number[]> {
  const path = peer.name.replace(' ', '-')
  const found: number[] = []
  for (let trial = 0; trial < count; trial++) {
    const sample = { ...(all[(trial * 37) % all.length] as Sample), value: 95 }
    const key = `${path} ${sample.host}`
    hot.add(sample.host)
    const sentAt = performance.now()
    await send(peer, [sample])
    while (!told.has(key) && performance.now() - sentAt < longestMs) await wait(1)
    hot.delete(sample.host)
    found.push((told.get(key) ?? Number.POSITIVE_INFINITY) - sentAt)
    // What was not told once will not be told sooner a hundred times over.
    if (!told.has(key)) break
    await wait(pauseMs)
  }
  return found.sort((a, b) => a - b)
}

const percentile = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
const setup: Setup = { rules, seriesPerRule, receiver: receiver.url }
const none: Setup = { ...setup, rules: 0 }

type Result = {
  readonly name: string
  readonly trials: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  readonly cpuSecondsPer1000RulesAndMinute: number
  readonly cpuSecondsWithIngestPerMinute: number
  readonly memoryMb: number
  readonly extraMemoryBytesPerRule: number
  readonly extraMemoryBytesPerSeries: number
}

/** Each system with its own without rules: what rules cost is the difference. */
const pairs = [
  { start: startTidewatch, intervals: [''] },
  ...(hasPrometheus ? [{ start: startPrometheus, intervals: ['1s', '15s'] }] : []),
  ...(hasVmalert ? [{ start: startVmalert, intervals: ['1s', '15s'] }] : []),
]
if (!hasPrometheus) console.log('Prometheus is left out: apt install prometheus')
if (!hasVmalert) console.log('vmalert is left out: apt install victoria-metrics')

const started: AlertPeer[] = []
const begin = async (peer: Promise<AlertPeer>) => {
  started.push(await peer)
  return started.at(-1) as AlertPeer
}

async function measure(): Promise<Result[]> {
  const measured: { peer: AlertPeer; base: AlertPeer; interval: string }[] = []
  for (const { start, intervals } of pairs) {
    const base = await begin(start(none, '15s'))
    for (const interval of intervals) measured.push({ peer: await begin(start(setup, interval)), base, interval })
  }
  await keepSending(started, everyMs)
  const before = started.map(cpuOf)
  await keepSending(started, forMs)
  const used = new Map(started.map((peer, index) => [peer, ((cpuOf(peer) - (before[index] ?? 0)) * 60_000) / forMs]))
  const memory = new Map(started.map((peer) => [peer, memoryMbOf(peer)]))
  const more = (of: Map<AlertPeer, number>, peer: AlertPeer, base: AlertPeer) => (of.get(peer) ?? 0) - (of.get(base) ?? 0)

  const results: Result[] = []
  for (const { peer, base, interval } of measured) {
    let isOver = false
    const background = keepSending([peer], Number.POSITIVE_INFINITY, () => isOver)
    // A batch that was made before a host got hot must not come after its sample.
    await wait(everyMs / 2)
    // Each trial of theirs takes an interval.
    const latencies = await latenciesOf(peer, interval === '15s' ? 3 : interval === '1s' ? 15 : trials, 80)
    isOver = true
    await background
    const extraBytes = more(memory, peer, base) * 2 ** 20
    results.push({
      name: peer.name,
      trials: latencies.length,
      p50Ms: percentile(latencies, 0.5),
      p95Ms: percentile(latencies, 0.95),
      p99Ms: percentile(latencies, 0.99),
      maxMs: percentile(latencies, 1),
      cpuSecondsPer1000RulesAndMinute: more(used, peer, base),
      cpuSecondsWithIngestPerMinute: used.get(peer) ?? 0,
      memoryMb: memory.get(peer) ?? 0,
      extraMemoryBytesPerRule: extraBytes / rules,
      extraMemoryBytesPerSeries: extraBytes / all.length,
    })
  }
  return results
}

let results: readonly Result[]
try {
  results = await measure()
} finally {
  for (const peer of started) await peer.stop()
  receiver.server.close()
  receiver.server.closeAllConnections()
}

printTable(
  `${rules} rules on ${all.length} series, a sample of each every ${everyMs / 1000} s; theirs evaluate at the interval named, ours when a sample comes and every 10 s`,
  [
    'system',
    'sample to webhook p50',
    'p95',
    'p99',
    'max',
    'trials',
    'CPU-s / 1,000 rules / min',
    'with ingest',
    'memory',
    'more than without rules, a rule',
  ],
  results.map((one) => [
    one.name,
    millisecondsText(one.p50Ms),
    millisecondsText(one.p95Ms),
    millisecondsText(one.p99Ms),
    millisecondsText(one.maxMs),
    String(one.trials),
    one.cpuSecondsPer1000RulesAndMinute.toFixed(2),
    one.cpuSecondsWithIngestPerMinute.toFixed(2),
    `${one.memoryMb} MB`,
    `${(one.extraMemoryBytesPerRule / 1024).toFixed(1)} kB`,
  ]),
)
writeReport('alerts', { rules, series: all.length, sampleEveryMs: everyMs, measuredMs: forMs, results })
