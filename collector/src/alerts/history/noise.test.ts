import { beforeEach, expect, test } from 'vitest'
import { silentLog } from '../../lib/log.ts'
import type { Alert } from '../../model/alert.ts'
import { createAlertingRecords } from '../../state/alerting-records.ts'
import { openState } from '../../state/state.ts'
import { createScenario, hot, minute, type Scenario, type ScenarioOptions, second } from '../scenario.ts'

let records: ScenarioOptions['records']
const jane = { actor: 'jane', comment: 'woke me for nothing' }

beforeEach(() => {
  records = createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db)
})

const started = async () => {
  const scenario = createScenario({
    records,
    rules: [{ ...hot, aggregate: 'last' }],
    route: { receiver: 'ops', group_wait: '0s', group_interval: '1s' },
  })
  await scenario.start()
  return scenario
}
const noiseOf = (scenario: Scenario) => scenario.alerts().noise({ from: scenario.clock.now() - 24 * 60 * minute, to: scenario.clock.now() })
const last = (scenario: Scenario) => scenario.alerts().list({ limit: 1, past: true }).alerts[0]

test('counts what a rule asked of people: episodes, time, messages, and what they did about it', async () => {
  const scenario = await started()
  await scenario.hold(95, minute)
  await scenario.alerts().acknowledge(last(scenario)?.id ?? '', jane)
  await scenario.hold(20, 20 * minute)
  await scenario.hold(95, minute)
  await scenario.hold(20, minute)
  expect(noiseOf(scenario)).toEqual([
    {
      rule: 'Hot',
      severity: 'high',
      episodes: 2,
      firingMs: 2 * minute,
      flaps: 0,
      notifications: 4,
      notified: 2,
      actedOn: 1,
      useful: 0,
      notUseful: 0,
      precision: null,
      actedOnShare: 0.5,
    },
  ])
})

test('what is acted on counts of the episodes that somebody was told of', async () => {
  const scenario = await started()
  const episode = async (act: (id: string) => Promise<unknown>) => {
    await scenario.hold(95, minute)
    await act(last(scenario)?.id ?? '')
    await scenario.hold(20, 20 * minute)
  }
  await episode((id) => scenario.alerts().acknowledge(id, jane))
  await episode((id) => scenario.alerts().resolve(id, jane))
  await episode(async () => {})
  expect(noiseOf(scenario)).toMatchObject([{ notified: 3, actedOn: 2 }])
  const matchers = [{ name: 'host', value: 'a', isRegex: false, isEqual: true }]
  scenario.alerts().silences.set({ matchers, endsAtMs: scenario.clock.now() + 30 * minute, createdBy: 'jane', comment: 'x' })
  await episode((id) => scenario.alerts().acknowledge(id, jane))
  expect(noiseOf(scenario)).toMatchObject([{ episodes: 4, notified: 3, actedOn: 2, notifications: 6 }])
})

test('the rule that told most comes first, then the one that fired most, and each is as severe as it ever was', async () => {
  const scenario = await started()
  const rule = (name: string, above: number, severity: 'info' | 'critical' = 'info') => ({
    ...{ ...hot, aggregate: 'last' as const, name, severity, condition: { above } },
  })
  await scenario.restart(0, { rules: [rule('Zebra', 90), rule('Ant', 90), rule('Loud', 50), rule('Bear', 90)] })
  for (const value of [95, 20, 60, 20]) await scenario.hold(value, 20 * minute)
  expect(noiseOf(scenario).map((row) => `${row.rule} ${row.episodes} ${row.notifications}`)).toEqual([
    'Loud 2 4',
    'Ant 1 2',
    'Bear 1 2',
    'Zebra 1 2',
  ])
  await scenario.restart(0, { rules: [rule('Ant', 90, 'critical')] })
  await scenario.hold(95, minute)
  expect(noiseOf(scenario)[1]).toMatchObject({ rule: 'Ant', severity: 'critical', episodes: 2 })
})

test('an alert that comes back within a quarter of an hour is a flap', async () => {
  const scenario = await started()
  for (const value of [95, 20, 95, 20, 95]) await scenario.hold(value, 2 * minute)
  expect(noiseOf(scenario)).toMatchObject([{ episodes: 3, flaps: 2, firingMs: 6 * minute }])
  expect(scenario.alerts().noise({ from: scenario.clock.now() - minute, to: scenario.clock.now() })).toMatchObject([{ firingMs: minute }])
})

test('an alert that only lost its data has not fired, and asked nothing of anybody', async () => {
  const scenario = await started()
  await scenario.restart(0, { rules: [{ ...hot, on_no_data: 'no_data' }] })
  await scenario.hold(20, minute)
  await scenario.clock.advance(10 * minute)
  expect(last(scenario)).toMatchObject({ state: 'no_data' })
  expect(noiseOf(scenario)).toEqual([])
})

test('all episodes count, however many a rule had', async () => {
  const scenario = await started()
  await scenario.hold(95, minute)
  await scenario.hold(20, minute)
  const [episode] = scenario.alerts().list({ limit: 1, past: true }).alerts
  const ended = Array.from({ length: 12_000 }, (_, index) => ({ ...(episode as Alert), id: `a${index}` }))
  records.alerts.commit({ save: [], remove: [], ended })
  expect(noiseOf(scenario)).toMatchObject([{ episodes: 12_001 }])
})

test('precision is what people found useful of what they marked, and the last word on an episode counts', async () => {
  const scenario = await started()
  await scenario.hold(95, minute)
  const first = last(scenario)
  expect(await scenario.alerts().mark(first?.id ?? '', { ...jane, useful: true })).toMatchObject({ useful: true })
  await scenario.hold(20, 20 * minute)
  await scenario.hold(95, minute)
  await scenario.alerts().mark(first?.id ?? '', { ...jane, useful: false })
  expect(noiseOf(scenario)).toMatchObject([{ useful: 1, notUseful: 1, precision: 0.5 }])

  await scenario.alerts().mark(first?.id ?? '', { ...jane, useful: false, startsAtMs: Date.parse(first?.startsAt ?? '') })
  expect(noiseOf(scenario)).toMatchObject([{ useful: 0, notUseful: 2, precision: 0 }])
  await scenario.alerts().mark(first?.id ?? '', { ...jane, useful: null })
  expect(noiseOf(scenario)).toMatchObject([{ useful: 0, notUseful: 1 }])
})

test('a mark survives a restart, stands in the audit log, and is shown with its own episode only', async () => {
  const scenario = await started()
  await scenario.hold(95, minute)
  const id = last(scenario)?.id ?? ''
  await scenario.alerts().mark(id, { ...jane, useful: false })
  expect(records.audit.list({ limit: 1 })).toMatchObject([
    { actor: 'jane', action: 'alert.mark', target: id, detail: { useful: false, comment: jane.comment, rule: 'Hot' } },
  ])
  await scenario.restart()
  await scenario.hold(20, minute)
  await scenario.hold(95, 20 * second)
  const marks = scenario
    .alerts()
    .list({ limit: 5, past: true })
    .alerts.map(({ state, useful }) => [state, useful])
  expect(marks).toEqual([
    ['firing', undefined],
    ['resolved', false],
  ])
})

test('what never was or has not fired cannot be marked', async () => {
  const scenario = await started()
  await expect(scenario.alerts().mark('00', { ...jane, useful: true })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await scenario.restart(0, { rules: [{ ...hot, for: '1h' }] })
  await scenario.hold(95, minute)
  await expect(scenario.alerts().mark(last(scenario)?.id ?? '', { ...jane, useful: true })).rejects.toMatchObject({ code: 'CONFLICT' })
})

test('a list tells the last values of an active alert, and forgets them when it is over', async () => {
  const scenario = await started()
  await scenario.hold(95, 30 * second)
  await scenario.hold(97, 30 * second)
  expect(last(scenario)?.recent).toEqual([95, 97, 97])
  await scenario.hold(98, 20 * minute)
  expect(last(scenario)?.recent).toHaveLength(30)
  await scenario.hold(20, minute)
  expect(last(scenario)).toMatchObject({ state: 'resolved' })
  expect(last(scenario)?.recent).toBeUndefined()
})
