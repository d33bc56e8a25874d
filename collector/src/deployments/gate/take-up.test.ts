import { beforeEach, expect, test } from 'vitest'
import { createFakeClock, type FakeClock } from '../../lib/clock.ts'
import { silentLog } from '../../lib/log.ts'
import type { GateRecords } from '../../model/gate-records.ts'
import { createGateRecords } from '../../state/gate-records.ts'
import { openState } from '../../state/state.ts'
import type { GateOrder } from '../gates.ts'
import { startGates } from './scenario.ts'

/** What becomes of a watch whose process ended. */
const begunMs = Date.UTC(2026, 0, 1)
const second = 1000
const left = new AbortController().signal
let records: GateRecords

beforeEach(() => {
  records = createGateRecords(openState({ path: ':memory:', log: silentLog }).db)
})

/** A process that begins to watch for a minute, and is gone without a goodbye after a while: its clock stands still. */
async function killed(afterMs: number, order: Partial<GateOrder> = {}): Promise<string> {
  const clock = createFakeClock(begunMs)
  const { id } = startGates(records, clock).check({ watchMs: 60 * second, ...order })
  await clock.advance(afterMs)
  return id
}

/** The next process, so long after the watch began. */
function next(afterMs: number): ReturnType<typeof startGates> & { clock: FakeClock } {
  const clock = createFakeClock(begunMs + afterMs)
  return { ...startGates(records, clock), clock }
}

test('it goes on for the time that was left, and the result says when nobody watched', async () => {
  const id = await killed(40 * second)
  const { gates, clock, events } = next(60 * second)
  gates.start()
  const gaps = [{ from: '2026-01-01T00:00:30.000Z', to: '2026-01-01T00:01:00.000Z' }]
  expect(gates.get(id)).toMatchObject({ state: 'watching', verdict: 'pass', deadline: '2026-01-01T00:01:30.000Z', gaps })
  const told = gates.wait(id, 60 * second, left)
  await clock.advance(60 * second)
  expect(await told).toMatchObject({ state: 'done', answer: 'pass', startedAt: '2026-01-01T00:00:00.000Z', gaps })
  expect((await told).finishedAt).toBe('2026-01-01T00:01:30.000Z')
  expect(events.map((event) => event.type === 'gate' && event.result.state)).toEqual(['watching', 'done'])
})

test('a process that was stopped leaves off at its last look', async () => {
  const clock = createFakeClock(begunMs)
  const first = startGates(records, clock)
  const { id } = first.check({ watchMs: 60 * second })
  await clock.advance(40 * second)
  first.gates.stop()
  await clock.advance(60 * second)
  expect(records.get(id)).toMatchObject({ state: 'watching', lookedAt: '2026-01-01T00:00:40.000Z' })
  const { gates } = next(45 * second)
  gates.start()
  expect(gates.get(id).deadline).toBe('2026-01-01T00:01:05.000Z')
})

test('a rule that fails afterwards ends it, and a rule that fails at the first look does', async () => {
  const [late, early] = [await killed(40 * second), await killed(40 * second)]
  const { gates, clock, set } = next(60 * second)
  set('Disk', 'bad')
  gates.start()
  await clock.advance(0)
  for (const id of [late, early])
    expect(gates.get(id)).toMatchObject({ state: 'done', verdict: 'fail', answer: 'fail', reason: 'Disk: firing: s' })
})

test('what could not be said before is said by the same policies', async () => {
  const id = await killed(10 * second, { onInconclusive: 'pass', labels: { environment: 'staging' } })
  const { gates, clock, set } = next(20 * second)
  set('Errors', 'unsure')
  gates.start()
  await clock.advance(60 * second)
  expect(gates.get(id)).toMatchObject({ verdict: 'inconclusive', answer: 'pass', labels: { environment: 'staging' } })
})

test('a rule that is gone from the configuration since cannot be judged', async () => {
  const id = await killed(10 * second)
  const { gates, clock, rules } = next(20 * second)
  rules.delete('Errors')
  gates.start()
  await clock.advance(60 * second)
  expect(gates.get(id)).toMatchObject({ verdict: 'error', answer: 'error', reason: expect.stringContaining('the rule is gone') })
})

test('one that was to look once looks once', async () => {
  const clock = createFakeClock(begunMs)
  const first = startGates(records, clock)
  first.set('Errors', { isWaiting: true })
  const { id, state } = first.check()
  expect(state).toBe('watching')
  const { gates } = next(20 * second)
  gates.start()
  expect(gates.get(id)).toMatchObject({ state: 'done', answer: 'pass' })
})

test.each([
  [{}, 'error'],
  [{ failOpen: true }, 'pass'],
  [{ dryRun: true }, 'pass'],
] as const)('after more than ten minutes it is not taken up again: with %j the answer is %s', async (order, answer) => {
  const id = await killed(40 * second, order)
  const { gates } = next(631 * second)
  gates.start()
  expect(gates.get(id)).toMatchObject({
    ...{ state: 'done', verdict: 'error', answer, finishedAt: '2026-01-01T00:10:31.000Z' },
    reason:
      'the collector was away since 2026-01-01T00:00:30.000Z, longer than the 10m after which a watch is not taken up again; ' +
      'until then it was pass: 2 rules are fine',
  })
})

test('nor when the collector ends again and again', async () => {
  const id = await killed(40 * second)
  for (let count = 0; count < 20; count++) next(60 * second + count).gates.start()
  expect(records.get(id)?.state).toBe('watching')
  next(70 * second).gates.start()
  expect(records.get(id)).toMatchObject({
    ...{ state: 'done', answer: 'error' },
    reason: expect.stringContaining('the collector ended 21 times while it watched; until then it was pass'),
  })
})

test('a clock that was set back meanwhile does not make it longer', async () => {
  const id = await killed(40 * second)
  const { gates, clock } = next(-3600 * second)
  gates.start()
  await clock.advance(60 * second)
  expect(gates.get(id)).toMatchObject({ state: 'done', answer: 'pass' })
})
