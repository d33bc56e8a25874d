import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasAlertmanager, startAlertmanager, startWebhook } from './alertmanager.ts'
import { type Running, startCollector } from './collector.ts'

/** The part that both read as it stands. */
const routing = `
route:
  receiver: ops
  group_by: [alertname]
  group_wait: 1s
  group_interval: 1s
  repeat_interval: 4h
  routes:
    - { matchers: ['host="quiet"'], receiver: quiet, mute_time_intervals: [always] }
    - { matchers: ['host="late"'], receiver: late, active_time_intervals: [never] }
    - { matchers: ['host=~"alone-.*"'], receiver: alone, group_by: [host] }
    - { matchers: ['host="again"'], receiver: again, repeat_interval: 3s }
    - { matchers: ['host="blip"'], receiver: blip, group_interval: 8s }
    - { matchers: ['host=~"each-.*"'], receiver: each, group_by: ['...'] }
    - { matchers: ['host="shut"'], receiver: shut, active_time_intervals: [always], mute_time_intervals: [always] }
    - { matchers: ['host="open"'], receiver: open, active_time_intervals: [never, always], mute_time_intervals: [never] }
    - matchers: ['host=~"deep.*"']
      receiver: deep
      routes:
        - { matchers: ['host="deep-1"'], continue: true, group_by: [host] }
        - { matchers: ['host=~"deep-[12]"'], receiver: deeper }
    - { matchers: ['zone="x"'], receiver: first, continue: true }
    - { matchers: ['zone="x"'], receiver: second }
inhibit_rules:
  - { source_matchers: ['host="db"'], target_matchers: ['host="api"'], equal: [zone] }
time_intervals:
  - { name: always, time_intervals: [{ times: [{ start_time: '00:00', end_time: '24:00' }] }] }
  - { name: never, time_intervals: [{ years: ['1999'] }] }
`
const names = ['ops', 'quiet', 'late', 'alone', 'each', 'again', 'blip', 'shut', 'open', 'deep', 'deeper', 'first', 'second']

const ours = (url: string) => `
presets: []
sources: []
receivers: [${names.map((name) => `{ name: ${name}, type: webhook, url: '${url}' }`).join(', ')}]
rules:
  - { name: Hot, source: { measurement: load, field: value }, condition: { above: 90 }, severity: high }
${routing}`
const theirs = (url: string) => `
receivers: [${names.map((name) => `{ name: ${name}, webhook_configs: [{ url: '${url}' }] }`).join(', ')}]
${routing}`

/** What each receiver knows of each host after these messages. */
function knownFrom(lines: readonly string[]): Record<string, string> {
  const words = lines.flatMap((line) => {
    const [receiver, hosts = ''] = line.split(': ')
    return hosts.split(', ').map((word) => `${receiver}: ${word}`)
  })
  return Object.fromEntries(words.map((word) => [word.replace(/ resolved$/, ''), word]))
}

type Labels = { readonly host: string; readonly zone?: string }

describe.skipIf(!hasAlertmanager)("beside Debian's Alertmanager", () => {
  let collector: Running
  let alertmanager: Awaited<ReturnType<typeof startAlertmanager>>
  let toldByUs: Awaited<ReturnType<typeof startWebhook>>
  let toldByThem: Awaited<ReturnType<typeof startWebhook>>

  beforeAll(async () => {
    ;[toldByUs, toldByThem] = [await startWebhook(), await startWebhook()]
    ;[collector, alertmanager] = [await startCollector({ yaml: ours(toldByUs.url) }), await startAlertmanager(theirs(toldByThem.url))]
  })
  afterAll(async () => {
    await Promise.all([collector.stop(), alertmanager.stop()])
    toldByUs.stop()
    toldByThem.stop()
  })

  /** The same alerts to both, in one request each. */
  async function set(all: readonly Labels[], isFiring: boolean): Promise<void> {
    const lines = all.map(({ host, zone }) => `load,host=${host}${zone ? `,zone=${zone}` : ''} value=${isFiring ? 95 : 50}`)
    const endsAt = isFiring ? {} : { endsAt: new Date().toISOString() }
    const alerts = all.map((labels) => ({ labels: { ...labels, alertname: 'Hot', severity: 'high' }, ...endsAt }))
    await Promise.all([
      fetch(`${collector.url}/write?db=a`, { method: 'POST', body: lines.join('\n') }),
      fetch(`${alertmanager.url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(alerts),
      }),
    ])
  }

  /** The same call of the API to both, which answers with the id of a silence. */
  async function silence(host: string): Promise<readonly string[]> {
    const at = (ms: number) => new Date(Date.now() + ms).toISOString()
    const body = JSON.stringify({
      matchers: [{ name: 'host', value: host, isRegex: false, isEqual: true }],
      ...{ startsAt: at(0), endsAt: at(3_600_000), createdBy: 'jane', comment: 'planned' },
    })
    const request = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body }
    const answers = bases().map(async (base) => (await (await fetch(`${base}/silences`, request)).json()) as { silenceID: string })
    return (await Promise.all(answers)).map(({ silenceID }) => silenceID)
  }
  const bases = () => [`${collector.url}/alertmanager/api/v2`, `${alertmanager.url}/api/v2`]

  /**
   * Both have told the same; groups are told in any order. Alerts reach Alertmanager's groups one after the other, and now and
   * then it tells in the midst of them: two messages of its say together what ours says in one.
   */
  async function bothTell(...lines: string[]): Promise<void> {
    await expect.poll(() => toldByUs.told.length).toBeGreaterThanOrEqual(lines.length)
    expect(toldByUs.told.splice(0).sort()).toEqual(lines.sort())
    await expect.poll(() => knownFrom(toldByThem.told)).toEqual(knownFrom(lines))
    toldByThem.told.splice(0)
  }

  it('the same alerts make the same notifications: grouped, inhibited, muted, silenced, continued, resolved', async () => {
    const silenceIds = await silence('hush')
    const hosts = ['a', 'b', 'db', 'api', 'quiet', 'late', 'hush', 'alone-1', 'alone-2'].map((host) => ({ host }))
    await set([...hosts, { host: 'c', zone: 'x' }, { host: 'api', zone: 'y' }], true)
    await bothTell('ops: a, api, b, db', 'alone: alone-1', 'alone: alone-2', 'first: c', 'second: c')

    await set([{ host: 'new' }], true)
    await bothTell('ops: a, api, b, db, new')
    await set([{ host: 'a' }], false)
    await bothTell('ops: a resolved, api, b, db, new')
    await set([{ host: 'db' }], false)
    await bothTell('ops: api, api, b, db resolved, new')
    await Promise.all(bases().map((base, index) => fetch(`${base}/silence/${silenceIds[index]}`, { method: 'DELETE' })))
    await bothTell('ops: api, api, b, hush, new')

    const states = bases().map(async (base) => {
      const alerts = (await (await fetch(`${base}/alerts`)).json()) as { labels: Labels; status: { state: string } }[]
      return alerts.map(({ labels }) => `${labels.host} ${labels.zone ?? ''}`).sort()
    })
    const [seenOfUs, seenOfThem] = await Promise.all(states)
    expect(seenOfUs).toEqual(seenOfThem)

    await set(
      [
        ...hosts.filter(({ host }) => !['quiet', 'late', 'a', 'db'].includes(host)),
        { host: 'new' },
        { host: 'c', zone: 'x' },
        { host: 'api', zone: 'y' },
      ],
      false,
    )
    await bothTell(
      ...['ops: api resolved, api resolved, b resolved, hush resolved, new resolved', 'first: c resolved', 'second: c resolved'],
      ...['alone: alone-1 resolved', 'alone: alone-2 resolved'],
    )
  })

  it('alerts go down the tree alike, alone where the route says so, and where all its times agree', async () => {
    const hosts = ['each-1', 'each-2', 'shut', 'open', 'deep-1', 'deep-2', 'deep-3'].map((host) => ({ host }))
    await set(hosts, true)
    const first = ['each: each-1', 'each: each-2', 'open: open', 'deep: deep-1', 'deep: deep-3', 'deeper: deep-1, deep-2']
    await bothTell(...first)
    await set(hosts, false)
    await bothTell(...first.map((line) => line.replaceAll(/-(\d)/g, '-$1 resolved').replace(': open', ': open resolved')))
  })

  it('what goes on is repeated, at the first tick after the repeat interval', async () => {
    await set([{ host: 'again' }], true)
    for (const { told } of [toldByThem, toldByUs])
      await expect.poll(() => told.filter((line) => line === 'again: again').length).toBeGreaterThanOrEqual(2)
    await set([{ host: 'again' }], false)
    for (const { told } of [toldByThem, toldByUs]) {
      await expect.poll(() => told.at(-1)).toBe('again: again resolved')
      expect(new Set(told.splice(0))).toEqual(new Set(['again: again', 'again: again resolved']))
    }
  })
  it('what ended and began anew between two ticks has gone on', async () => {
    await set([{ host: 'blip' }], true)
    await bothTell('blip: blip')
    await set([{ host: 'blip' }], false)
    await set([{ host: 'blip' }, { host: 'again' }], true)
    const count = (told: readonly string[], line: string) => told.filter((each) => each === line).length
    // Four of these take longer than the interval of the other group.
    for (const { told } of [toldByThem, toldByUs]) await expect.poll(() => count(told, 'again: again')).toBeGreaterThanOrEqual(4)
    await set([{ host: 'blip' }, { host: 'again' }], false)
    for (const { told } of [toldByThem, toldByUs]) {
      await expect.poll(() => count(told, 'blip: blip resolved') + count(told, 'again: again resolved')).toBe(2)
      expect(count(told, 'blip: blip')).toBe(0)
      told.splice(0)
    }
  })
})
