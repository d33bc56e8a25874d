import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { allMatch } from '../src/alerts/routing/tree/matcher.ts'
import { stateOf, toMatchers } from '../src/alerts/silences/silence.ts'
import { createSilenceIndex } from '../src/alerts/silences/silence-index.ts'
import { parseMatchers } from '../src/http/answers/silence-view.ts'
import type { Silence } from '../src/model/silence.ts'
import { newFolder, type Spawned, spawnCollector } from '../test/collector.ts'
import { printTable, writeReport } from './report.ts'

// How long everything else waits while thousands of alerts begin to fire, are silenced, inhibited, listed and taken.

/** Shows one part only: looks, silences, inhibition, groups or taking. */
const only = process.argv.find((given) => given.startsWith('--only='))?.slice('--only='.length)
const isQuick = process.argv.includes('--quick')

type Storm = {
  readonly name: string
  readonly alerts: number
  readonly silences?: number
  /** Each inhibits its share of the alerts. */
  readonly sources?: number
  readonly groupBy: string
  /** What is measured once all fire. */
  readonly acts: readonly Act[]
}

type Act = 'silence' | 'list' | 'query' | 'groups' | 'preview' | 'take'

const looks: readonly Act[] = ['silence', 'list', 'query', 'groups', 'preview']
const storms: readonly Storm[] = [
  { name: 'silences', alerts: 2000, silences: 1000, groupBy: 'group', acts: looks },
  ...(isQuick ? [] : [{ name: 'silences', alerts: 5000, silences: 10_000, groupBy: 'group', acts: looks }]),
  { name: 'inhibition', alerts: 5000, sources: 1000, groupBy: 'group', acts: ['list', 'groups'] },
  { name: 'groups', alerts: 5000, groupBy: '...', acts: ['list', 'groups'] },
  { name: 'taking', alerts: 2000, groupBy: 'alertname', acts: ['take'] },
]

const loopGap = join(import.meta.dirname, 'loop-gap.js')
const alertsPerGroup = 100
/** Silences made over HTTP while all alerts fire. */
const madeMeanwhile = 100

/** Takes what is told, and keeps the first link to take alerts. */
async function startReceiver() {
  const told = { hosts: new Set<string>(), link: '' }
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const text = Buffer.concat(parts).toString()
    for (const [, host] of text.matchAll(/"host":"(h\d+)"/g)) told.hosts.add(host ?? '')
    told.link ||= /\/ack\/([\w.-]+)/.exec(text)?.[1] ?? ''
    response.end('{}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { told, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

const configuration = ({ groupBy }: Storm, receiver: string) => `
presets: []
sources: []
rules:
  - { name: Hot, source: { measurement: load, field: value }, condition: { above: 90 }, severity: high, limit: 20000 }
  - { name: Down, source: { measurement: router, field: down }, condition: { above: 0 }, severity: critical, limit: 20000 }
inhibit_rules:
  - { source_matchers: [alertname="Down"], target_matchers: [alertname="Hot"], equal: [router] }
silences: { max_silences: 20000 }
receivers: [{ name: bench, type: webhook, url: '${receiver}', timeout: 1m }]
route: { receiver: bench, group_by: ['${groupBy}'], group_wait: 0s, group_interval: 5m }
`

const hostOf = (index: number) => `h${index}`
/** Every second host is silenced, if there are that many silences. */
const silencedHost = (index: number) => hostOf(index * 2)

/** As people make them: most name an alert and a host, some several hosts by an expression, a few an expression alone. */
function matchersOf(index: number): readonly string[] {
  const host = silencedHost(index)
  if (index % 10 === 0) return [`host=~"${host}|${host}-(a|b)"`]
  return index % 5 === 0 ? ['alertname="Hot"', `host=~"${host}|x${host}"`, 'group!="none"'] : ['alertname="Hot"', `host="${host}"`]
}

async function ask(url: string, body?: unknown): Promise<Response> {
  const answer = await fetch(
    url,
    body === undefined ? {} : { method: 'POST', body: body instanceof URLSearchParams ? body : JSON.stringify(body) },
  )
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`)
  return answer
}

async function makeSilences(url: string, from: number, count: number): Promise<void> {
  let next = from
  const work = async () => {
    for (let index = next++; index < from + count; index = next++) {
      const answer = await ask(`${url}/api/v1/silences`, {
        matchers: matchersOf(index),
        for: '2h',
        createdBy: 'bench',
        comment: 'as planned',
      })
      await answer.arrayBuffer()
    }
  }
  await Promise.all([work(), work(), work(), work()])
}

async function push(url: string, lines: readonly string[]): Promise<void> {
  const answer = await fetch(`${url}/write?db=bench`, { method: 'POST', body: lines.join('\n') })
  if (!answer.ok) throw new Error(await answer.text())
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

/** Asks for `/livez` all the while; the longest that it took. */
function watchPulse(url: string) {
  let isOver = false
  let longestMs = 0
  const watching = (async () => {
    while (!isOver) {
      const startedMs = performance.now()
      await (await fetch(`${url}/livez`)).arrayBuffer()
      longestMs = Math.max(longestMs, performance.now() - startedMs)
      await wait(5)
    }
  })()
  return async () => {
    isOver = true
    await watching
    return longestMs
  }
}

async function readGap({ child }: Spawned, file: string): Promise<number> {
  rmSync(file, { force: true })
  child.kill('SIGUSR2')
  while (!existsSync(file) || readFileSync(file, 'utf8') === '') await wait(5)
  return Number(readFileSync(file, 'utf8'))
}

type Row = { readonly storm: string; readonly what: string; readonly ms: number; readonly gapMs: number; readonly pulseMs: number }

async function measure(storm: Storm): Promise<Row[]> {
  const { alerts, silences = 0, sources = 0 } = storm
  const receiver = await startReceiver()
  const gapFile = join(newFolder(), 'gap')
  const file = join(newFolder(), 'tidewatch.yaml')
  writeFileSync(file, configuration(storm, receiver.url))
  const env = { NODE_OPTIONS: `--import ${loopGap} ${process.env.BENCH_NODE_OPTIONS ?? ''}`, TIDEWATCH_LOOP_GAP: gapFile }
  const spawned = await spawnCollector(['--config', file, '--data', newFolder(), '--store', 'memory'], env)
  const { url } = spawned
  const title = `${storm.name}: ${silences || sources || 'no'} × ${alerts}`
  const rows: Row[] = []

  async function phase(what: string, work: () => Promise<void>): Promise<void> {
    await readGap(spawned, gapFile)
    const pulse = watchPulse(url)
    const startedMs = performance.now()
    await work()
    const ms = performance.now() - startedMs
    const pulseMs = await pulse()
    rows.push({ storm: title, what, ms, gapMs: await readGap(spawned, gapFile), pulseMs })
  }

  const toLine = (index: number, value: number) =>
    `load,group=g${Math.floor(index / alertsPerGroup)},host=${hostOf(index)},router=r${index % (sources * 2 || 1)} value=${value}`
  const isKept = (index: number) => (index % 2 === 0 && index / 2 < silences) || (sources > 0 && index % (sources * 2) < sources)
  const told = numbers(alerts).filter((index) => !isKept(index)).length

  /** Told is who is not kept back; what else is due is known a little later. */
  const fire = async () => {
    for (let from = 0; from < alerts; from += 5000) {
      await push(
        url,
        numbers(Math.min(5000, alerts - from)).map((index) => toLine(from + index, 95)),
      )
    }
    const limitMs = performance.now() + 120_000
    while (receiver.told.hosts.size < told) {
      if (performance.now() > limitMs) throw new Error(`${receiver.told.hosts.size} of ${told} were told`)
      await wait(10)
    }
    await wait(500)
  }

  const acts: Record<Act, () => Promise<void>> = {
    silence: () => makeSilences(url, silences, madeMeanwhile),
    list: async () => void (await (await ask(`${url}/api/v1/alerts?limit=10000`)).arrayBuffer()),
    query: async () => {
      const body = { range: { from: Date.now() - 3_600_000, to: Date.now() }, queries: [{ refId: 'A', kind: 'alerts', limit: 1000 }] }
      await (await ask(`${url}/api/v1/query`, body)).arrayBuffer()
    },
    groups: async () => void (await (await ask(`${url}/alertmanager/api/v2/alerts`)).arrayBuffer()),
    preview: async () =>
      void (await (await ask(`${url}/api/v1/silences/preview`, { matchers: ['alertname="Hot"'], days: 7 })).arrayBuffer()),
    take: async () => void (await (await ask(`${url}/ack/${receiver.told.link}`, new URLSearchParams({ actor: 'jane' }))).arrayBuffer()),
  }

  try {
    if (silences > 0) await phase('make them', () => makeSilences(url, 0, silences))
    if (sources > 0)
      await push(
        url,
        numbers(sources).map((index) => `router,router=r${index} down=1`),
      ).then(() => wait(1000))
    await phase('fire', fire)
    for (const act of storm.acts) await phase(act, acts[act])
    await phase('end', async () => {
      await push(
        url,
        numbers(alerts).map((index) => toLine(index, 5)),
      )
      await wait(2000)
    })
  } finally {
    spawned.child.kill('SIGTERM')
    await spawned.exited
    receiver.server.close()
    receiver.server.closeAllConnections()
  }
  return rows
}

/** In this process: what it takes to find the silences of all alerts, by trying each, by the index, and by the index once more. */
function measureLooks(silences: number, alerts: number): readonly string[] {
  const nowMs = Date.now()
  const all = numbers(silences).map((index) => {
    const times = { startsAtMs: nowMs - 1, endsAtMs: nowMs + 3_600_000, updatedAtMs: nowMs }
    const more = { createdBy: 'bench', comment: '', annotations: {}, untilDeployment: null }
    const silence: Silence = { id: `s${index}`, matchers: parseMatchers(matchersOf(index)), ...times, ...more }
    return { silence, tests: toMatchers(silence.matchers) }
  })
  const labels = numbers(alerts).map((index) => ({
    alertname: 'Hot',
    group: `g${Math.floor(index / alertsPerGroup)}`,
    host: hostOf(index),
  }))
  const index = createSilenceIndex()
  const took = [
    () => labels.map((one) => all.filter(({ silence, tests }) => stateOf(silence, nowMs) === 'active' && allMatch(tests, one))),
    () => all.map(({ silence, tests }) => index.put(silence, tests)),
    () => labels.map((one) => index.covering(one, nowMs)),
    () => labels.map((one) => index.covering(one, nowMs)),
  ].map((work) => {
    const startedMs = performance.now()
    work()
    return msText(performance.now() - startedMs)
  })
  return [`${silences} × ${alerts}`, ...took]
}

const msText = (ms: number) => `${ms.toFixed(ms < 100 ? 1 : 0)} ms`
if (only === undefined || only === 'looks') {
  const found = [measureLooks(1000, 2000), ...(isQuick ? [] : [measureLooks(10_000, 5000)])]
  printTable(
    'The silences of all alerts',
    ['silences × alerts', 'each tried', 'made an index', 'first look by it', 'each later one'],
    found,
  )
}

const rows: Row[] = []
for (const storm of storms) if (only === undefined || storm.name === only) rows.push(...(await measure(storm)))
if (rows.length > 0) {
  printTable(
    'Thousands of alerts at once',
    ['storm', 'what', 'took', 'loop not free for at most', 'longest /livez'],
    rows.map(({ storm, what, ms, gapMs, pulseMs }) => [storm, what, msText(ms), msText(gapMs), msText(pulseMs)]),
  )
  writeReport('storm', { rows })
}
