import { beforeEach, describe, expect, test } from 'vitest'
import { silentLog } from '../../lib/log.ts'
import type { ForeignSource } from '../../model/hook.ts'
import { createAlertingRecords } from '../../state/alerting-records.ts'
import { openState } from '../../state/state.ts'
import { hot, minute, type ScenarioOptions, second, startScenario } from '../scenario.ts'
import type { ForeignAlert } from './foreign-alert.ts'

let records: ScenarioOptions['records']

beforeEach(() => {
  records = createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db)
})

const grafana: ForeignSource = { name: 'grafana', notify: false, resolveAfterMs: 60 * minute, alertsMax: 3 }
const startMs = Date.UTC(2026, 0, 1)

const firing = (host: string, more: Partial<ForeignAlert> = {}): ForeignAlert => ({
  labels: { alertname: 'Disk full', host, severity: 'page' },
  annotations: { summary: `disk of ${host} is full` },
  value: 97,
  startsAtMs: startMs,
  endedAtMs: null,
  ...more,
})
const ended = (host: string, more: Partial<ForeignAlert> = {}) => firing(host, { endedAtMs: startMs + 5 * minute, ...more })

async function started(source: Partial<ForeignSource> = {}, rest: Partial<ScenarioOptions> = {}) {
  const scenario = await startScenario({ records, foreignSources: [{ ...grafana, ...source }], ...rest })
  return {
    ...scenario,
    receive: (...alerts: ForeignAlert[]) => scenario.alerts().receive('grafana', alerts),
    past: () => scenario.alerts().list({ limit: 100, states: ['resolved'] }).alerts,
  }
}

describe('alerts of another system', () => {
  test('stand in the list and on the timeline beside ours, with their source and our words for severity', async () => {
    const scenario = await started()
    expect(scenario.receive(firing('a'))).toEqual({ began: 1, ended: 0, unchanged: 0, refused: 0 })
    expect(scenario.alerts().list({ limit: 10 }).alerts).toMatchObject([
      {
        ...{ rule: 'Disk full', source: 'grafana', severity: 'critical', state: 'firing', value: 97 },
        labels: { alertname: 'Disk full', host: 'a', severity: 'critical' },
        startsAt: '2026-01-01T00:00:00.000Z',
      },
    ])
    await scenario.clock.advance(1 * second)
    expect(scenario.points).toMatchObject([
      {
        measurement: 'alert_events',
        tags: { category: 'alerts', rule: 'Disk full', state: 'firing', severity: 'critical', source: 'grafana' },
      },
    ])
  })

  test('begin once, however often they are told, and end when their source says', async () => {
    const scenario = await started()
    scenario.receive(firing('a'))
    await scenario.clock.advance(10 * minute)
    expect(scenario.receive(firing('a', { value: 98 }))).toMatchObject({ began: 0, unchanged: 1 })
    expect(scenario.alerts().list({ limit: 1 }).alerts[0]?.value).toBe(98)
    expect(scenario.receive(ended('a'))).toMatchObject({ ended: 1 })
    expect(scenario.states()).toEqual([])
    expect(scenario.past()).toMatchObject([{ rule: 'Disk full', endsAt: '2026-01-01T00:05:00.000Z' }])
    expect(records.audit.list({ limit: 10 }).map(({ actor, action }) => `${actor} ${action}`)).toEqual([
      'grafana alert.receive',
      'grafana alert.receive',
    ])
  })

  test('do not come back because an old message comes late', async () => {
    const scenario = await started()
    scenario.receive(firing('a'))
    await scenario.clock.advance(10 * minute)
    scenario.receive(ended('a'))
    expect(scenario.receive(firing('a'), ended('b'))).toMatchObject({ began: 0, ended: 0, unchanged: 2 })
    expect(scenario.receive(firing('a', { startsAtMs: startMs + 9 * minute }))).toMatchObject({ began: 1 })
  })

  test('that begin anew end the episode whose end was lost', async () => {
    const scenario = await started()
    scenario.receive(firing('a'))
    await scenario.clock.advance(30 * minute)
    expect(scenario.receive(firing('a', { startsAtMs: startMs + 20 * minute }))).toMatchObject({ began: 1 })
    expect(scenario.past()).toMatchObject([{ startsAt: '2026-01-01T00:00:00.000Z', endsAt: '2026-01-01T00:20:00.000Z' }])
    expect(scenario.states()).toEqual(['a firing'])
  })

  test('end when nothing is heard of them for too long, and come back when something is', async () => {
    const scenario = await started()
    scenario.receive(firing('a'), firing('b', { expiresAtMs: startMs + 5 * minute }))
    await scenario.clock.advance(6 * minute)
    expect(scenario.states()).toEqual(['a firing'])
    await scenario.clock.advance(50 * minute)
    scenario.receive(firing('a'))
    await scenario.clock.advance(59 * minute)
    expect(scenario.states()).toEqual(['a firing'])
    await scenario.clock.advance(2 * minute)
    expect(scenario.states()).toEqual([])
    expect(scenario.past()[0]).toMatchObject({ annotations: { state_reason: 'Expired' } })
    expect(scenario.receive(firing('a'))).toMatchObject({ began: 1 })
  })

  test('that a person ended come back when their source tells of them again', async () => {
    const scenario = await started()
    scenario.receive(firing('a'))
    const [alert] = scenario.alerts().list({ limit: 1 }).alerts
    await scenario.clock.advance(minute)
    await scenario.alerts().resolve(alert?.id ?? '', { actor: 'jane', comment: '' })
    expect(scenario.states()).toEqual([])
    expect(scenario.receive(firing('a'))).toMatchObject({ began: 1 })
  })

  test('are shown and told to nobody, unless the source is set to notify', async () => {
    const quiet = await started()
    quiet.receive(firing('a'))
    await quiet.clock.advance(5 * minute)
    expect(quiet.sent()).toEqual([])
    expect(quiet.alerts().groups()).toEqual([])
  })

  test('go to receivers, and their end too, when the source is set to notify', async () => {
    const scenario = await started({ notify: true })
    scenario.receive(firing('a'))
    await scenario.clock.advance(5 * minute)
    scenario.receive(ended('a'))
    await scenario.clock.advance(10 * minute)
    expect(scenario.sent()).toEqual(['+30s ops: a firing (first notification)', '+330s ops: a resolved (all alerts resolved)'])
  })

  test('outlive a restart with their source, also those that share a name with one of our rules', async () => {
    const scenario = await started()
    scenario.receive(firing('a', { labels: { alertname: hot.name, host: 'a' } }))
    await scenario.restart(30 * minute)
    expect(scenario.alerts().list({ limit: 10 }).alerts).toMatchObject([
      { rule: hot.name, source: 'grafana', state: 'firing', severity: 'warning' },
    ])
    await scenario.clock.advance(59 * minute)
    expect(scenario.states()).toEqual(['a firing'])
    await scenario.clock.advance(2 * minute)
    expect(scenario.states()).toEqual([])
  })

  test('beyond the most that a source may have are refused, and told', async () => {
    const scenario = await started()
    const hosts = ['a', 'b', 'c', 'd']
    expect(scenario.receive(...hosts.map((host) => firing(host)))).toEqual({ began: 3, ended: 0, unchanged: 0, refused: 1 })
    expect(scenario.receive(ended('a'), firing('d'))).toMatchObject({ ended: 1, refused: 0, began: 1 })
  })

  test('never begin in the future', async () => {
    const scenario = await started()
    scenario.receive(firing('a', { startsAtMs: startMs + 60 * minute }))
    expect(scenario.alerts().list({ limit: 1 }).alerts[0]?.startsAt).toBe('2026-01-01T00:00:00.000Z')
  })
})
