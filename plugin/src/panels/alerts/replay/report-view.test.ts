import { describe, expect, it } from 'vitest'
import type { ReplayedAlert, ReplayedMessage, ReplayReport } from '../../../../../collector/src/contract/replay.ts'
import type { AlertRow } from '../view-model.ts'
import { type Incident, toCaveats, toIncidents, toMissed, toSentence, toSubject } from './report-view.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString()
const told = (parts: Partial<ReplayedAlert>): ReplayedAlert => ({
  ...{ id: 'r1', rule: 'Slow', severity: 'high', labels: { alertname: 'Slow', host: 'web-1' }, summary: '', messages: 1, suppressedBy: [] },
  ...{ startsAt: at(10), endsAt: at(20), ...parts },
})
const incident: Incident = {
  ...{ id: 'i1', rule: 'Down', summary: '', labels: { alertname: 'Down', host: 'web-1', severity: 'critical' } },
  ...{ startsAt: Date.parse(at(12)), endsAt: Date.parse(at(15)), acknowledgedBy: 'jane', useful: null },
}
const missed = (...alerts: ReplayedAlert[]) => toMissed([incident], { alerts, to: at(60) }).length

describe('toMissed', () => {
  it('finds an incident again under its own id, or under another rule about the same host', () => {
    expect(missed(told({ id: 'i1', labels: {} }))).toBe(0)
    expect(missed(told({ rule: 'Down', labels: { alertname: 'Down' } }))).toBe(0)
    expect(missed(told({}))).toBe(0)
    expect(missed(told({ endsAt: null }))).toBe(0)
  })

  it('misses it when nobody would have been told, at another time, or of another host', () => {
    expect(missed()).toBe(1)
    expect(missed(told({ messages: 0 }))).toBe(1)
    expect(missed(told({ startsAt: at(16) }))).toBe(1)
    expect(missed(told({ endsAt: at(11) }))).toBe(1)
    expect(missed(told({ labels: { host: 'web-2' } }))).toBe(1)
    expect(missed(told({ labels: { alertname: 'Slow' } }))).toBe(1)
    expect(missed(told({ labels: { host: 'web-1', disk: '/' } }))).toBe(1)
    expect(missed(told({ rule: 'Down', labels: { host: 'web-2' } }))).toBe(1)
  })
})

it('takes for incidents what somebody acknowledged or called useful', () => {
  const row = (parts: Partial<AlertRow>) => ({ ...incident, state: 'resolved', acknowledgedBy: '', ...parts }) as AlertRow
  const rows = [row({ acknowledgedBy: 'jane' }), row({ useful: true }), row({}), row({ acknowledgedBy: 'jane', useful: false })]
  expect(toIncidents(rows)).toEqual(rows.slice(0, 2))
  expect(toIncidents([row({ acknowledgedBy: 'jane', state: 'pending' })])).toEqual([])
})

it('says what was found, and what one must know to believe it', () => {
  const report = {
    ...{ from: at(0), to: at(60), messages: [], alerts: [], rules: [], receivers: [], samples: 1, failures: ['Hot: no such field'] },
    ...{ coarse: [{ measurement: 'cpu', from: at(0), to: at(1), everyMs: 60_000 }] },
    ...{ shortHistory: [{ rule: 'Odd', measurement: 'mem', looksBackTo: at(0), beginsAt: at(1) }] },
  } satisfies ReplayReport
  expect(toSentence(report)).toBe('Nobody would have been told of anything (1 stored sample read).')
  expect(toCaveats(report)).toEqual([
    'Of cpu only averages of 1 min are kept from then.',
    'Odd looks back to before anything was stored of mem.',
    'Could not be evaluated: Hot: no such field',
  ])
})

it('names what a message is about', () => {
  const alert = { rule: 'Slow', annotations: { summary: 'it crawls' } }
  const about = (...alerts: object[]) => toSubject({ alerts } as unknown as ReplayedMessage)
  expect(about(alert)).toBe('Slow: it crawls')
  expect(about(alert, alert, { ...alert, rule: 'Hot' })).toBe('3 alerts: Slow, Hot')
})
