import { describe, expect, test } from 'vitest'
import type { ReplayedMessage } from '../../contract/replay.ts'
import type { Alert } from '../../model/alert.ts'
import { type Recorded, toReport } from './report.ts'
import { toReplayText } from './report-text.ts'

const at = (minute: number): string => new Date(Date.UTC(2026, 0, 5, 10, minute)).toISOString()
const range = { from: Date.parse(at(0)), to: Date.parse(at(60)) }

function alert(host: string, from: number, to: number | null, parts: Partial<Alert> = {}): Alert {
  const labels = { alertname: 'Slow', severity: 'critical', host }
  return {
    ...{ id: host, rule: 'Slow', severity: 'critical', state: to === null ? 'firing' : 'resolved', labels, annotations: {}, value: 1 },
    ...{ startsAt: at(from), endsAt: to === null ? null : at(to), cause: null, resolvedBy: null },
    ...{ acknowledgedBy: null, acknowledgedUntil: null, acknowledgeComment: null },
    ...parts,
  }
}
const message = (
  minute: number,
  status: 'firing' | 'resolved',
  alerts: readonly Alert[],
  reason = 'first notification',
): ReplayedMessage => ({
  ...{ at: at(minute), receiver: 'ops', groupKey: 'g', status, reason, groupLabels: {}, alerts },
})
const reportOf = (parts: Partial<Recorded>) =>
  toReport({
    ...{ range, messages: [], alerts: [], suppressedBy: () => [], samples: 100, coarse: [], shortHistory: [], failures: [] },
    ...parts,
  })
const textOf = (parts: Partial<Recorded>) => toReplayText(reportOf(parts))

test('a message says when, to whom, of what and why; the first of several alerts stands for all', () => {
  const cause = { summary: 'shop 2 deployed by jane' }
  const [a, b] = [alert('a', 5, 20, { cause }), alert('b', 5, 20)]
  const text = textOf({
    alerts: [a, b],
    messages: [
      message(5, 'firing', [a]),
      message(10, 'firing', [b, a, alert('c', 10, null)], 'new alerts added'),
      message(20, 'resolved', [a, b], 'all alerts resolved'),
    ],
  })
  expect(text.split('\n')).toEqual([
    '2026-01-05 10:00:00 to 2026-01-05 11:00:00 UTC: 3 messages about 2 alerts, from 100 samples.',
    ...['', 'By rule:', '  Slow: 2 alerts, 3 messages, firing for 30m'],
    ...['', 'By receiver:', '  ops: 2 firing, 1 resolved'],
    ...['', 'What would have been sent:'],
    '  2026-01-05 10:05:00  ops  CRITICAL Slow host=a (first notification; shop 2 deployed by jane)',
    '  2026-01-05 10:10:00  ops  CRITICAL Slow host=b and 2 more alerts (new alerts added)',
    '  2026-01-05 10:20:00  ops  RESOLVED Slow host=a and 1 more alert (all alerts resolved)',
  ])
})

test('what nobody would have heard of says for how long it fired, and what kept it back', () => {
  const [told, silenced, short, still] = [alert('a', 1, 2), alert('b', 5, 20), alert('c', 30, 31), alert('d', 40, null)]
  const text = textOf({
    alerts: [still, short, told, silenced],
    messages: [message(1, 'firing', [told])],
    suppressedBy: ({ id }) => (id === 'b' ? ['silence s1', 'muted by lunch'] : []),
  })
  expect(text.split('\n').slice(-4)).toEqual([
    'What nobody would have heard of:',
    '  2026-01-05 10:05:00  Slow host=b, for 15m: silence s1, muted by lunch',
    '  2026-01-05 10:30:00  Slow host=c, for 1m: over before its group was told, or not told by its route',
    '  2026-01-05 10:40:00  Slow host=d, fires still: over before its group was told, or not told by its route',
  ])
})

test('one episode told twice is one of its messages each, and another of the same alert is another', () => {
  const [first, second] = [alert('a', 5, 10), alert('a', 30, 40)]
  const { alerts, rules } = reportOf({
    alerts: [second, first],
    messages: [message(5, 'firing', [first]), message(10, 'resolved', [first]), message(30, 'firing', [second])],
  })
  expect(alerts.map(({ startsAt, messages }) => [startsAt, messages])).toEqual([
    [at(5), 2],
    [at(30), 1],
  ])
  expect(rules).toEqual([{ rule: 'Slow', alerts: 2, messages: 3, firingMs: 15 * 60_000 }])
})

test('a message about alerts of several rules is one of each rule, and an alert without labels is called by its rule', () => {
  const slow = alert('a', 5, 20, { annotations: { summary: 'too slow' } })
  const full = alert('', 5, null, { id: 'full', rule: 'Full', labels: { alertname: 'Full', severity: 'high' } })
  const report = reportOf({ alerts: [slow, full], messages: [message(5, 'firing', [full, slow]), message(20, 'firing', [full])] })
  expect(report.rules.map(({ rule, messages, firingMs }) => [rule, messages, firingMs / 60_000])).toEqual([
    ['Slow', 1, 15],
    ['Full', 2, 55],
  ])
  expect(report.alerts.map(({ summary }) => summary)).toEqual(['too slow', 'Full'])
  expect(toReplayText(report)).toContain('CRITICAL Full and 1 more alert (')
})

describe('what one must know to believe it', () => {
  const part = (measurement: string, from: number, to: number) => ({ measurement, from: at(from), to: at(to), everyMs: 60_000 })

  test('is where averages stood in, how long in all and since when', () => {
    const coarse = [part('cpu', 0, 10), part('disk', 0, 10), part('cpu', 10, 20), part('cpu', 30, 40)]
    expect(reportOf({ coarse }).coarse).toEqual([part('cpu', 0, 20), part('disk', 0, 10), part('cpu', 30, 40)])
    expect(textOf({ coarse }).split('\n').slice(-3)).toEqual([
      'Not as exact as it was:',
      '  cpu: raw samples are gone for 30m, the first from 2026-01-05 10:00:00; averages of 1m stood in, which hide peaks',
      '  disk: raw samples are gone for 10m, the first from 2026-01-05 10:00:00; averages of 1m stood in, which hide peaks',
    ])
  })

  test('is what could not be evaluated, and what looks back too far', () => {
    const shortHistory = [{ rule: 'Higher', measurement: 'http', looksBackTo: at(-60), beginsAt: at(0) }]
    expect(
      textOf({ failures: ['Slow: no store'], shortHistory })
        .split('\n')
        .slice(-5),
    ).toEqual([
      ...['Rules that could not be evaluated:', '  Slow: no store', ''],
      ...[
        'Rules that look back further than what is stored:',
        '  Higher: back to 2026-01-05 09:00:00, but http begins 2026-01-05 10:00:00',
      ],
    ])
  })
})

test('of more than 500 messages the first are shown, and how many are left', () => {
  const a = alert('a', 0, null)
  const many = (count: number) => textOf({ alerts: [a], messages: Array.from({ length: count }, () => message(1, 'firing', [a])) })
  expect(many(500)).not.toContain('more; --format json has all')
  expect(
    many(503)
      .split('\n')
      .filter((line) => line.includes('CRITICAL')),
  ).toHaveLength(500)
  expect(many(503).split('\n').at(-1)).toBe('  … and 3 more; --format json has all')
})
