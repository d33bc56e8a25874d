import { beforeEach, describe, expect, test } from 'vitest'
import { silentLog } from '../../../lib/log.ts'
import { createAlertingRecords } from '../../../state/alerting-records.ts'
import { openState } from '../../../state/state.ts'
import { hot, minute, type Scenario, type ScenarioOptions, startScenario } from '../../scenario.ts'
import { digestSchema } from '../tree/digest-schema.ts'
import { lastDue, nextDue } from './digest-times.ts'

let records: ScenarioOptions['records']
beforeEach(() => {
  records = createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db)
})

const hour = 60 * minute
/** One sample speaks for days, so that a night needs only a few. */
const low = { ...hot, name: 'Low', severity: 'warning' as const, aggregate: 'last' as const, window: '1d', every: '10m' }
const routeWith = (digest: object) => ({
  receiver: 'pager',
  group_wait: '0s',
  routes: [{ receiver: 'ops', matchers: ['severity=~"info|warning"'], digest: { at: '08:00', ...digest } }],
})
/** The scenario begins on Thursday, the first of January 2026, at midnight UTC. */
const started = async (digest: object = {}, options: Partial<ScenarioOptions> = {}) => {
  return startScenario({ records, rules: [low], route: routeWith(digest), ...options })
}
/** A value that stays for a while. */
async function pass(scenario: Scenario, forMs: number, value: number, tags = { host: 'a' }): Promise<void> {
  for (let restMs = forMs; restMs > 0; restMs -= 12 * hour) {
    scenario.push(value, tags)
    await scenario.clock.advance(Math.min(restMs, 12 * hour))
  }
}
const at = (hours: number) => `+${(hours * hour) / 1000}s`

describe('a digest', () => {
  test('tells once, at its time, of what fires and of what is over', async () => {
    const scenario = await started()
    await pass(scenario, 10 * minute, 95, { host: 'a' })
    await pass(scenario, 10 * minute, 20, { host: 'a' })
    await pass(scenario, 8 * hour, 95, { host: 'b' })
    expect(scenario.sent()).toEqual([`${at(8)} ops: b firing, a resolved (digest)`])
  })

  test('does not tell twice of what is over, and tells again of what goes on', async () => {
    const scenario = await started()
    await pass(scenario, 10 * minute, 95, { host: 'a' })
    await pass(scenario, 10 * minute, 20, { host: 'a' })
    await pass(scenario, 33 * hour, 95, { host: 'b' })
    expect(scenario.sent()).toEqual([`${at(8)} ops: b firing, a resolved (digest)`, `${at(32)} ops: b firing (digest)`])
  })

  test('is a message of its own each time, also where a receiver keeps to one for each outage', async () => {
    const scenario = await started()
    scenario.answerWith(async () => ({ ok: true, thread: 'C1/1' }))
    await pass(scenario, 33 * hour, 95)
    expect(scenario.notifications().map(({ thread }) => thread)).toEqual([undefined, undefined])
  })

  test('is left out when there is nothing to tell, or says so where that is wanted', async () => {
    const quiet = await started()
    await pass(quiet, 33 * hour, 20)
    expect(quiet.sent()).toEqual([])
    records = createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db)
    const told = await started({ skip_empty: false })
    await pass(told, 33 * hour, 20)
    expect(told.notifications().map(({ alerts, reason }) => [alerts, reason])).toEqual([
      [[], 'digest'],
      [[], 'digest'],
    ])
  })

  test('that was missed is made up for once, with what happened until it was due', async () => {
    const scenario = await started()
    await pass(scenario, 7 * hour, 95, { host: 'a' })
    await scenario.restart(26 * hour)
    await scenario.clock.advance(0)
    expect(scenario.sent()).toEqual([`${at(33)} ops: a firing (digest)`])
    await scenario.restart(hour)
    await pass(scenario, 2 * hour, 20, { host: 'a' })
    expect(scenario.sent()).toHaveLength(1)
  })

  test('that a dying process had begun is sent once by the next', async () => {
    const scenario = await started()
    await pass(scenario, 7 * hour, 95, { host: 'a' })
    scenario.answerWith(() => new Promise(() => {}))
    await pass(scenario, hour, 95, { host: 'a' })
    expect(scenario.sent()).toHaveLength(1)
    await scenario.crash()
    scenario.answerWith(async () => ({ ok: true }))
    await scenario.crash()
    await pass(scenario, 2 * hour, 95, { host: 'a' })
    const [first, ...later] = scenario.notifications()
    expect(later.length).toBeLessThanOrEqual(2)
    expect(new Set([first, ...later].map((one) => one?.idempotencyKey)).size).toBe(1)
  })

  test('that its receiver refused for good becomes part of a later one', async () => {
    const scenario = await started()
    await pass(scenario, 10 * minute, 95, { host: 'a' })
    await pass(scenario, 10 * minute, 20, { host: 'a' })
    scenario.answerWith(async () => ({ ok: false, retryable: false, message: 'mailbox full' }))
    await pass(scenario, 8 * hour, 20, { host: 'b' })
    scenario.answerWith(async () => ({ ok: true }))
    const before = scenario.sent().length
    await pass(scenario, 2 * hour, 20, { host: 'b' })
    expect(
      scenario
        .sent()
        .slice(before)
        .filter((line) => line.includes('ops:')),
    ).toEqual([expect.stringContaining('ops: a resolved (digest)')])
  })

  test('leaves out what is silenced, and hands a severe alert to its own route at once', async () => {
    const scenario = await started({}, { rules: [low, { ...low, name: 'Bad', severity: 'critical', condition: { above: 98 } }] })
    scenario.alerts().silences.set({
      matchers: [{ name: 'host', value: 'a', isRegex: false, isEqual: true }],
      endsAtMs: scenario.clock.now() + 20 * hour,
      createdBy: 'jane',
      comment: 'known',
    })
    scenario.push(95, { host: 'a' })
    await pass(scenario, 9 * hour, 99, { host: 'b' })
    const lines = scenario.sent()
    expect(lines.filter((line) => line.includes('ops'))).toEqual([`${at(8)} ops: b firing (digest)`])
    expect(lines[0]).toContain('pager: b firing (first notification)')
  })
})

describe('its times', () => {
  const berlin = digestSchema.parse({ at: ['18:00', '08:00'], weekdays: ['monday:friday'], location: 'Europe/Berlin' })
  const time = (ms: number) => new Date(ms).toISOString()

  test('are those of its place, on its weekdays', () => {
    const fridayEvening = Date.UTC(2026, 0, 2, 17, 30)
    expect([time(lastDue(berlin, fridayEvening)), time(nextDue(berlin, fridayEvening))]).toEqual([
      '2026-01-02T17:00:00.000Z',
      '2026-01-05T07:00:00.000Z',
    ])
  })

  test('move with summer time, and one that it leaves out comes an hour later', () => {
    const daily = digestSchema.parse({ at: '02:30', location: 'Europe/Berlin' })
    expect(time(nextDue(daily, Date.UTC(2026, 2, 28, 12)))).toBe('2026-03-29T01:30:00.000Z')
    expect(time(nextDue(daily, Date.UTC(2026, 2, 29, 12)))).toBe('2026-03-30T00:30:00.000Z')
  })

  test('must be times of a day, weekdays and a place there are', () => {
    for (const wrong of [{ at: '25:00' }, { at: [] }, { at: '08:00', weekdays: ['someday'] }, { at: '08:00', location: 'Mars' }, {}])
      expect(digestSchema.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false)
  })
})
