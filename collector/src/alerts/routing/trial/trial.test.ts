import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { escalationSchema } from '../escalation/escalation-schema.ts'
import { inhibitRuleSchema } from '../tree/inhibition.ts'
import { type Matcher, parseMatcher } from '../tree/matcher.ts'
import { routeSchema } from '../tree/route.ts'
import { namedIntervalSchema } from '../tree/time-interval-schema.ts'
import { type TrialSettings, tryRoutes } from './trial.ts'
import { toTrialText } from './trial-text.ts'

const settings: TrialSettings = {
  route: routeSchema.parse(
    parse(`
receiver: log
group_wait: 30s
group_interval: 5m
routes:
  - { matchers: [severity=critical], receiver: [pager, phone], group_wait: 10s, escalation: chain, continue: true }
  - matchers: [team=shop]
    receiver: shop
    group_by: [alertname, host]
    mute_time_intervals: [nights]
    routes:
      - { matchers: [severity=info], digest: { at: "08:00", weekdays: [monday], location: Europe/Berlin } }
  - { matchers: [team=~".+"], receiver: rest, active_time_intervals: [office] }
  - { matchers: [team=never], receiver: rest }
  - { matchers: [host=once], receiver: rest, active_time_intervals: [long-ago] }
`),
  ),
  timeIntervals: parse(`
- name: nights
  time_intervals: [{ times: [{ start_time: "22:00", end_time: "24:00" }, { start_time: "00:00", end_time: "06:00" }], location: Europe/Berlin }]
- { name: office, time_intervals: [{ weekdays: ["monday:friday"], times: [{ start_time: "09:00", end_time: "17:00" }] }] }
- { name: long-ago, time_intervals: [{ years: ["1999"] }] }
`).map((one: unknown) => namedIntervalSchema.parse(one)),
  escalations: [
    escalationSchema.parse(
      parse(`
name: chain
steps: [{ receiver: pager, wait: 10m }, { receiver: lead, wait: 15m }]
repeat: 1
hand_off: boss
quiet_hours: { time_intervals: [nights], except: [high] }
`),
    ),
  ],
  inhibitRules: parse(`
- { source_matchers: [alertname=Down], target_matchers: [team=shop], equal: [environment, zone] }
- { source_matchers: [team=shop], target_matchers: [team=shop, severity=info] }
- { source_matchers: [alertname=Down], target_matchers: [team=other] }
`).map((one: unknown) => inhibitRuleSchema.parse(one)),
}

/** A Sunday; it is an hour later in Berlin. */
const at = (time: string, day = '2026-11-22') => Date.parse(`${day}T${time}Z`)
const time = (ms: number | null | undefined) => (ms == null ? null : new Date(ms).toISOString().slice(5, 19).replace('T', ' '))
const taken = (labels: Record<string, string>, atMs: number) => tryRoutes(settings, labels, atMs).taken

describe('a trial of the routes', () => {
  test('says of each route what it does with the alert', () => {
    const { outcomes, receivers } = tryRoutes(settings, { severity: 'critical', team: 'shop' }, at('12:00:00'))
    expect([...outcomes].map(([{ path }, outcome]) => [path, outcome])).toEqual([
      ['', 'passes on'],
      ['/{severity="critical"}', 'tells'],
      ['/{team="shop"}', 'tells'],
      ['/{team="shop"}/{severity="info"}', 'does not match'],
      ['/{team=~".+"}', 'not asked'],
      ['/{team="never"}', 'not asked'],
      ['/{host="once"}', 'not asked'],
    ])
    expect(receivers).toEqual(['pager', 'phone', 'shop'])
    expect(tryRoutes(settings, {}, 0).receivers).toEqual(['log'])
  })

  test('names the labels that are equal in the group', () => {
    const labels = { alertname: 'Hot', team: 'shop', host: 'a', severity: 'critical' }
    expect(taken(labels, 0).map(({ groupLabels }) => groupLabels)).toEqual([{ alertname: 'Hot' }, { alertname: 'Hot', host: 'a' }])
  })

  test.each([
    ['after the wait of its group, by day', { team: 'shop' }, at('12:00:00'), '11-22 12:00:30', null],
    ['with its first look after a quiet time', { team: 'shop' }, at('03:00:00'), '11-22 05:00:30', 'mute'],
    ['when the quiet time began within the wait', { team: 'shop' }, at('20:59:45'), '11-23 05:00:15', 'mute'],
    ['when a route becomes active, days later', { team: 'other' }, at('18:00:00', '2026-11-20'), '11-23 09:00:30', 'inactive'],
    ['with the next digest, by the clocks of its place', { team: 'shop', severity: 'info' }, at('03:00:00'), '11-23 07:00:00', null],
    ['never', { host: 'once' }, at('03:00:00'), null, 'inactive'],
  ])('tells %s', (_, labels, atMs, expected, because) => {
    const [first] = taken(labels, atMs)
    expect([time(first?.firstMs), first?.mute?.because ?? null]).toEqual([expected, because])
  })

  test.each([
    [
      'at once and in turn, as often as it is repeated',
      { severity: 'critical' },
      '12:00:00',
      ['12:00:10', '12:10:10', '12:25:10', '12:35:10'],
    ],
    ['after quiet hours', { severity: 'critical' }, '20:55:00', ['20:55:10', '05:00:10', '05:15:10', '05:25:10']],
  ])('climbs an escalation %s', (_, labels, from, expected) => {
    const { steps = [], handOff } = taken(labels, at(from))[0]?.escalation ?? {}
    expect(steps.map(({ receivers }) => receivers.join())).toEqual(['pager', 'lead', 'pager', 'lead'])
    expect(steps.map(({ atMs }) => time(atMs)?.slice(6))).toEqual(expected)
    expect(handOff).toEqual(['boss'])
  })

  test('says which other alerts would keep it back, and with which labels in common', () => {
    const { inhibitedWhile } = tryRoutes(settings, { team: 'shop', severity: 'info', environment: 'prod' }, 0)
    expect(inhibitedWhile).toEqual([
      { sourceMatchers: ['alertname="Down"'], equal: { environment: 'prod', zone: '' }, isOnBothSides: false },
      { sourceMatchers: ['team="shop"'], equal: {}, isOnBothSides: true },
    ])
  })

  test('names the silences that cover it at that time', () => {
    const matchers = [parseMatcher('team=shop') as Matcher]
    const silence = { id: 's', matchers, startsAtMs: at('12:00:00'), endsAtMs: at('13:00:00') }
    const silencedBy = (team: string, atMs: number) => tryRoutes({ ...settings, silences: [silence] }, { team }, atMs).silencedBy
    expect(silencedBy('shop', at('12:30:00'))).toEqual(['s'])
    expect(silencedBy('shop', at('13:00:00'))).toEqual([])
    expect(silencedBy('other', at('12:30:00'))).toEqual([])
  })

  test('is told to people as a tree with reasons', () => {
    const text = toTrialText(tryRoutes(settings, { alertname: 'Hot', team: 'shop' }, at('03:00:00')), (_, words) => words)
    expect(text).toContain('├─ severity="critical" → pager, phone (continue): does not match, severity is not there\n')
    expect(text).toContain('├─ team="shop" → shop: tells\n│  └─ severity="info" → shop: does not match, severity is not there\n')
    expect(text).toContain('team=~".+" → rest: not asked, one before it takes the alert\n')
    expect(text).toContain('it is within mute_time_intervals nights (Sun 04:00 in Europe/Berlin)\n')
    expect(text).toContain('nobody is told while an alert fires that matches alertname="Down", without environment, without zone')
  })
})
