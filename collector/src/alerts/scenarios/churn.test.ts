import { afterEach, expect, test } from 'vitest'
import { createFakeClock } from '../../lib/clock.ts'
import { silentLog } from '../../lib/log.ts'
import type { Alert } from '../../model/alert.ts'
import { createAlertingRecords } from '../../state/alerting-records.ts'
import { openState } from '../../state/state.ts'
import { watchCollections } from '../fake-collections.ts'
import { createCooldowns } from '../routing/groups/cooldowns.ts'
import { createFlapping, flappingSchema } from '../routing/groups/flapping.ts'
import type { RuleInput } from '../rules/definition/rule-schema.ts'
import { hot, minute, type ScenarioOptions, startScenario } from '../scenario.ts'

let watch: ReturnType<typeof watchCollections> | undefined
afterEach(() => watch?.stop())

const freshRecords = () => createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db)
const slow = { every: '1m', window: '1m' }
const rules: RuleInput[] = [
  { ...hot, ...slow, name: 'Fine', on_no_data: 'ok', cooldown: '5m' },
  { ...hot, ...slow, name: 'Silent', condition: { above: 98 } },
  { ...hot, ...slow, name: 'Kept', condition: { above: 98 }, on_no_data: 'keep' },
  { name: 'Both', kind: 'composite', expression: { or: ['Fine', 'Other'] }, every: '1m' },
  { ...hot, ...slow, name: 'Other', condition: { above: 97 }, on_no_data: 'ok' },
]
const options: Partial<ScenarioOptions> = {
  rules,
  route: { receiver: 'ops', group_by: ['host'], group_wait: '0s', group_interval: '1m', escalation: 'night' },
  escalations: [{ name: 'night', steps: [{ receiver: 'pager', wait: '10m' }] }],
  inhibitRules: [{ source_matchers: ['alertname="Both"'], target_matchers: ['alertname="Nothing"'], equal: ['host'] }],
  foreignSources: [{ name: 'grafana', notify: true, resolveAfterMs: 5 * minute, alertsMax: 1000 }],
}

/** Pods that live for two minutes each, most of them with an alert; one in three of other systems' alerts is ended by hand. */
async function live(scenario: Awaited<ReturnType<typeof startScenario>>, name: string, minutes: number): Promise<void> {
  const jane = { actor: 'jane', comment: '' }
  for (let passed = 0; passed < minutes; passed++) {
    for (let pod = 0; pod < 6; pod++) scenario.push(pod % 3 ? 95 : 50, { host: `${name}-${passed}-${pod}` })
    scenario.push(50, { host: 'stays' })
    const given = { labels: { alertname: 'Disk', host: `${name}-${passed}` }, annotations: {}, value: null, endedAtMs: null }
    scenario.alerts().receive('grafana', [given])
    await scenario.clock.advance(minute)
    const all = scenario.alerts().list({ limit: 100, states: ['firing'] }).alerts
    if (all[0]) await scenario.alerts().acknowledge(all[0].id, jane)
    const other = all.find(({ source }) => source !== undefined)
    if (other && passed % 3 === 0) await scenario.alerts().resolve(other.id, jane)
  }
  for (let passed = 0; passed < 70; passed++) {
    scenario.push(50, { host: 'stays' })
    await scenario.clock.advance(minute)
  }
}

test('memory does not grow with the pods that came and went, in no part of the engine', async () => {
  watch = watchCollections()
  const scenario = await startScenario({ records: freshRecords(), ...options })
  await live(scenario, 'early', 5)
  const before = await watch.entries()
  await live(scenario, 'late', 20)
  const grown = Object.entries(await watch.entries()).filter(([where, count]) => count > (before[where] ?? 0) + 5)
  // What is swept only from a thousand on has its own test.
  const swept = ['routing/groups/flapping.ts', 'routing/groups/cooldowns.ts']
  expect(grown.filter(([where]) => !swept.includes(where))).toEqual([])
  // They do grow, so what grows is seen.
  expect(grown.map(([where]) => where).sort()).toEqual(swept.toSorted())
  expect(scenario.sent().length).toBeGreaterThan(50)
})

test('what is kept for sixty days goes while the process runs, too', async () => {
  const records = freshRecords()
  const pruned: number[] = []
  const alerts = { ...records.alerts, prune: (beforeMs: number) => void pruned.push(beforeMs) }
  const scenario = await startScenario({ records: { ...records, alerts }, rules: [{ ...hot, every: '1m' }] })
  await scenario.clock.advance(121 * minute)
  const sixtyDaysBefore = Date.UTC(2026, 0, 1) - 60 * 1440 * minute
  expect(pruned.map((beforeMs) => (beforeMs - sixtyDaysBefore) / minute)).toEqual([0, 60, 120])
})

test('of a hundred thousand alerts in ten hours those are remembered whose cooldown or past still counts', async () => {
  watch = watchCollections()
  const clock = createFakeClock()
  const [cooldownMsOf, lastEpisode, everyMsOf] = [() => 5 * minute, () => undefined, () => 10_000]
  const { notifications } = freshRecords()
  const cooldowns = createCooldowns({ records: notifications, clock, cooldownMsOf, lastEpisode })
  const flapping = createFlapping({ settings: () => flappingSchema.parse({}), clock, everyMsOf })
  const alertOf = (id: string, state: Alert['state']) => ({ id, rule: 'Hot', severity: 'high', state, startsAt: '' }) as Alert
  for (let passed = 0; passed < 600; passed++) {
    for (let pod = 0; pod < 167; pod++) {
      const id = `${passed}-${pod}`
      flapping.observe(alertOf(id, 'firing'))
      cooldowns.onTold('ops', [alertOf(id, 'firing')])
      flapping.observe(alertOf(id, 'resolved'))
    }
    await clock.advance(minute)
  }
  // Five minutes of them are 835, and twice as many may wait to be swept.
  const { 'routing/groups/cooldowns.ts': told = 0, 'routing/groups/flapping.ts': histories = 0 } = await watch.entries()
  expect(Math.max(told, histories)).toBeLessThan(2000)
  expect(Math.min(told, histories)).toBeGreaterThan(500)
  // Asked after the count, or what nobody holds any more would be gone before it.
  expect(cooldowns.holds('ops', alertOf('599-0', 'firing'), undefined)).toBe(true)
  expect(flapping.isFlapping('599-0')).toBe(false)
})
