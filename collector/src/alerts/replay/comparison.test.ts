import { describe, expect, test } from 'vitest'
import type { ReplayedAlert, ReplayReport } from '../../contract/replay.ts'
import { compareReplays } from './comparison.ts'
import { toComparisonText } from './comparison-text.ts'
import { toReport } from './report.ts'

const at = (minute: number): string => new Date(Date.UTC(2026, 0, 5, 10, minute)).toISOString()
const range = { from: Date.parse(at(0)), to: Date.parse(at(120)) }

/** From one minute of the replay to another; null: it fires still. */
type Episode = {
  readonly rule?: string
  readonly labels?: Record<string, string>
  readonly from: number
  readonly to: number | null
  /** Nobody is told otherwise. */
  readonly receivers?: readonly string[]
  readonly suppressedBy?: readonly string[]
}

function reportOf(episodes: readonly Episode[], samples = 10): ReplayReport {
  const alerts = episodes.map(({ rule = 'Slow', labels = { host: 'a' }, from, to }) => ({
    ...{ id: `${rule} ${JSON.stringify(labels)}`, rule, labels: { alertname: rule, ...labels }, severity: 'high', annotations: {} },
    ...{ startsAt: at(from), endsAt: to === null ? null : at(to) },
  })) as unknown as Parameters<typeof toReport>[0]['alerts']
  return toReport({
    ...{ range, alerts, samples, coarse: [], shortHistory: [], failures: [] },
    suppressedBy: (alert) => episodes[alerts.indexOf(alert)]?.suppressedBy ?? [],
    messages: episodes.flatMap(({ from, receivers = ['ops'] }, index) =>
      receivers.map((receiver) => ({
        ...{ at: at(from), receiver, groupKey: 'g', status: 'firing' as const, reason: 'new', groupLabels: {} },
        alerts: alerts.slice(index, index + 1),
      })),
    ),
  })
}

function compare(before: readonly Episode[], after: readonly Episode[]) {
  const comparison = compareReplays(reportOf(before), reportOf(after))
  const spell = ({ alert }: { readonly alert: ReplayedAlert }): string =>
    `${alert.rule} ${alert.labels.host ?? ''} ${alert.startsAt.slice(11, 16)}`
  return {
    ...{ missed: comparison.missed.map(spell), added: comparison.added.map(spell) },
    ...{
      moved: comparison.moved.map(({ before: one, laterMs }) => `${spell(one)} by ${laterMs / 60_000}`),
      rerouted: comparison.rerouted.length,
    },
    text: toComparisonText(comparison, 'try.yaml'),
  }
}
const nothing = { missed: [], added: [], moved: [], rerouted: 0 }

describe('a flapping alert', () => {
  const flaps = [5, 15, 25].map((from) => ({ from, to: from + 5 }))

  test('that a longer keep_firing_for makes one is told when it was, and is not missed', () => {
    expect(compare(flaps, [{ from: 5, to: 40 }])).toMatchObject(nothing)
  })

  test('that a rule takes apart is nothing new', () => {
    expect(compare([{ from: 5, to: 40 }], flaps)).toMatchObject(nothing)
  })

  test('that begins later is told later once, and counts as one', () => {
    expect(compare(flaps, [{ from: 16, to: null }])).toMatchObject({ missed: ['Slow a 10:05'], added: [], moved: ['Slow a 10:15 by 1'] })
  })
})

test('an alert that fires still is the same one, however late the other began', () => {
  expect(compare([{ from: 5, to: null }], [{ from: 90, to: null }])).toMatchObject({ ...nothing, moved: ['Slow a 10:05 by 85'] })
  expect(compare([{ from: 90, to: 100 }], [{ from: 5, to: null }])).toMatchObject({ ...nothing, moved: ['Slow a 11:30 by -85'] })
})

test('an alert of another time is another one, whether it came before or after', () => {
  const [early, late] = [
    { from: 5, to: 10 },
    { from: 60, to: 70 },
  ]
  expect(compare([early], [late])).toMatchObject({ missed: ['Slow a 10:05'], added: ['Slow a 11:00'] })
  expect(compare([late], [early])).toMatchObject({ missed: ['Slow a 11:00'], added: ['Slow a 10:05'] })
  const [all, none] = [
    { ...early, labels: {} },
    { ...late, labels: { host: 'a' } },
  ]
  expect(compare([all], [none])).toMatchObject({ missed: ['Slow  10:05'], added: ['Slow a 11:00'] })
})

test('an alert about another host is another one, also of the same rule at the same time', () => {
  const [a, b] = [
    { from: 5, to: 10 },
    { from: 5, to: 10, labels: { host: 'b' } },
  ]
  expect(compare([a], [b])).toMatchObject({ missed: ['Slow a 10:05'], added: ['Slow b 10:05'] })
})

test('one disk of a host is not another, though rule and host are the same', () => {
  const disk = (name: string) => [{ from: 5, to: 10, labels: { host: 'a', disk: name } }]
  const { text, ...found } = compare(disk('sda'), disk('sdb'))
  expect(found).toMatchObject({ missed: ['Slow a 10:05'], added: ['Slow a 10:05'] })
  expect(text).not.toContain('The same alerts are told')
})

test('a rule grouped by more or fewer labels tells of the same', () => {
  const fine = { from: 5, to: 10, labels: { host: 'a', disk: 'sda' } }
  expect(compare([{ from: 5, to: 10 }], [fine])).toMatchObject(nothing)
  expect(compare([fine], [{ from: 5, to: 10 }])).toMatchObject(nothing)
})

test('rules of other names tell of the same when their labels are, in whichever order; without labels nobody knows', () => {
  const about = (rule: string, labels: Record<string, string>) => [{ rule, labels, from: 5, to: 10 }]
  expect(compare(about('Slow', { host: 'a', disk: 'b' }), about('SlowAnswers', { disk: 'b', host: 'a' }))).toMatchObject(nothing)
  expect(compare(about('Slow', {}), about('Full', {}))).toMatchObject({ missed: ['Slow  10:05'], added: ['Full  10:05'] })
})

test('an alert that is repeated is told when it was told first', () => {
  const repeated = reportOf([{ from: 5, to: null }])
  const [first] = repeated.messages
  const later = first ? [first, { ...first, at: at(50) }] : []
  const { moved, rerouted } = compareReplays({ ...repeated, messages: later }, repeated)
  expect([moved, rerouted]).toEqual([[], []])
})

test('the same receivers in another order are no others', () => {
  const told = (...receivers: string[]) => [{ from: 5, to: 10, receivers }]
  expect(compare(told('ops', 'pager'), told('pager', 'ops'))).toMatchObject(nothing)
  expect(compare(told('ops'), told('ops', 'pager')).text).toContain('Slow host=a: ops → ops, pager')
})

test('of what is missed is told whether it fires there and why nobody hears of it', () => {
  const [told, untold] = [
    { from: 5, to: 10 },
    { from: 5, to: null, receivers: [] },
  ]
  expect(compare([told], [{ ...untold, suppressedBy: ['silence s1'] }]).text).toContain('there it fires and is not told: silence s1')
  expect(compare([told], [untold]).text).toContain('there it fires and is not told: over before its group, or no route tells it')
  expect(compare([told], []).text).not.toContain('there it fires')
  expect(compare([{ from: 5, to: null }], []).text).toContain('HIGH Slow host=a, fires still, to ops')
})

test('alerts that are told later together are one line, and what is told sooner says so', () => {
  const [a, b] = [{ host: 'a' }, { host: 'b' }].map((labels) => ({ labels, from: 5, to: 60 }))
  const all = [a, b].flatMap((one) => one ?? [])
  const late = all.map((one) => ({ ...one, from: 10 }))
  expect(compare(all, late).text).toContain('Slow, 2 alerts: 2026-01-05 10:05:00 → 2026-01-05 10:10:00 (5m later)')
  expect(compare(late, all).text).toContain('Slow, 2 alerts: 2026-01-05 10:10:00 → 2026-01-05 10:05:00 (5m sooner)')
  expect(compare(late, all).text).not.toContain('The same alerts are told')
})
