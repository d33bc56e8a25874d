import { beforeEach, describe, expect, test } from 'vitest'
import { createFakeClock, type FakeClock } from '../../lib/clock.ts'
import { silentLog } from '../../lib/log.ts'
import type { GateRecords } from '../../model/gate-records.ts'
import { createGateRecords } from '../../state/gate-records.ts'
import { openState } from '../../state/state.ts'
import { startGates } from './scenario.ts'

const left = new AbortController().signal
const second = 1000
let records: GateRecords
let clock: FakeClock

beforeEach(async () => {
  records = createGateRecords(openState({ path: ':memory:', log: silentLog }).db)
  clock = createFakeClock()
  // The collector runs for an hour already.
  await clock.advance(3_600_000)
})

/** A disk that may be full. */
function disk() {
  let isFull = false
  const save: GateRecords['save'] = (...given) => {
    if (isFull) throw new Error('the disk is full')
    records.save(...given)
  }
  return {
    ...startGates({ ...records, save }, clock),
    fill(full = true) {
      isFull = full
    },
  }
}

describe('on a full disk', () => {
  test('whoever waits for a gate has its answer, which is known until the process ends', async () => {
    const { check, gates, set, fill } = disk()
    const { id } = check({ watchMs: 60 * second })
    const told = gates.wait(id, 60 * second, left)
    fill()
    set('Disk', 'bad')
    await clock.advance(5 * second)
    expect(await told).toMatchObject({ state: 'done', answer: 'fail' })
    expect(gates.get(id)).toMatchObject({ state: 'done', answer: 'fail' })
    fill(false)
    gates.stop()
    expect(records.get(id)).toMatchObject({ state: 'done', answer: 'fail' })
  })

  test('nothing is overridden: whoever tries hears so, and the gate goes on', async () => {
    const { check, gates, set, fill } = disk()
    set('Errors', 'bad')
    const failed = check().id
    set('Errors', 'fine')
    const watched = check({ watchMs: 60 * second }).id
    fill()
    for (const id of [failed, watched]) expect(() => gates.override(id, { actor: 'joe', reason: 'urgent' })).toThrow('the disk is full')
    expect(gates.get(failed)).toMatchObject({ answer: 'fail', override: null })
    fill(false)
    await clock.advance(60 * second)
    expect(gates.get(watched)).toMatchObject({ state: 'done', answer: 'pass', override: null })
  })
})

describe('dashboards and receivers', () => {
  test('hear of every change of the verdict while a gate watches, and the next process knows it', async () => {
    const { check, set, events } = startGates(records, clock)
    const { id } = check({ watchMs: 300 * second })
    await clock.advance(10 * second)
    set('Errors', 'unsure')
    await clock.advance(10 * second)
    expect(records.get(id)?.verdict).toBe('inconclusive')
    set('Errors', 'fine')
    await clock.advance(10 * second)
    expect(events.map((event) => event.type === 'gate' && event.result.verdict)).toEqual(['pass', 'inconclusive', 'pass'])
  })

  test('hear once of a gate that is done at once', () => {
    const { check, events } = startGates(records, clock)
    check()
    expect(events).toHaveLength(1)
  })

  test('are told of a deployment when its gate is done, and of no other', async () => {
    const owed: string[] = []
    const { check } = startGates(records, clock, (deploymentId) => {
      owed.push(deploymentId)
      return () => owed.push('sent')
    })
    check()
    check({ watchMs: 60 * second, deploymentId: 'd1' })
    expect(owed).toEqual([])
    await clock.advance(60 * second)
    expect(owed).toEqual(['d1', 'sent'])
  })
})

describe('waiting', () => {
  test('for a gate that somebody overrides has its answer then', async () => {
    const { check, gates } = startGates(records, clock)
    const { id } = check({ watchMs: 60 * second })
    const told = gates.wait(id, 60 * second, left)
    gates.override(id, { actor: 'joe', reason: 'urgent' })
    expect(await told).toMatchObject({ state: 'done', answer: 'pass', override: { actor: 'joe' } })
  })

  test('for a gate that is done, or for no time, or by somebody who has left, has its answer at once', async () => {
    const { check, gates } = startGates(records, clock)
    expect(await gates.wait(check().id, 60 * second, left)).toMatchObject({ state: 'done', answer: 'pass' })
    const { id } = check({ watchMs: 60 * second })
    expect(await gates.wait(id, 0, left)).toMatchObject({ state: 'watching' })
    expect(await gates.wait(id, 60 * second, AbortSignal.abort())).toMatchObject({ state: 'watching' })
  })
})

describe('a gate that watches', () => {
  test('makes room for another one when it is done, or is overridden', async () => {
    const { check, gates } = startGates(records, clock)
    const hundred = () => Array.from({ length: 100 }, () => check({ watchMs: 60 * second }).id)
    hundred()
    await clock.advance(60 * second)
    for (const id of hundred()) gates.override(id, { actor: 'joe', reason: 'urgent' })
    hundred()
    expect(() => check({ watchMs: 60 * second })).toThrow('100 gates are watched already')
  })

  test('goes on while all is well, though it would not wait for what cannot be judged', async () => {
    const { check, set, gates } = startGates(records, clock)
    const { id, state } = check({ watchMs: 60 * second, onInconclusive: 'fail' })
    expect(state).toBe('watching')
    set('Errors', 'unsure')
    await clock.advance(5 * second)
    expect(gates.get(id)).toMatchObject({ state: 'done', verdict: 'inconclusive', answer: 'fail' })
  })

  test('gives the store its five seconds, however long the collector runs', async () => {
    const { check, set, gates } = startGates(records, clock)
    set('Errors', { isWaiting: true })
    const { id, state } = check()
    expect(state).toBe('watching')
    await clock.advance(4800)
    set('Errors', 'fine')
    await clock.advance(200)
    expect(gates.get(id)).toMatchObject({ state: 'done', answer: 'pass' })
  })

  test('fails closed when its rules cannot be looked at', async () => {
    const { check, rules } = startGates(records, clock)
    rules.set('Errors', {
      get sets(): never {
        throw new Error('no memory')
      },
    })
    expect(check()).toMatchObject({
      ...{ state: 'done', verdict: 'error', answer: 'error' },
      reason: 'the rules could not be looked at: no memory',
    })
  })
})

test('a gate looks at a hundred rules at most', () => {
  const { check, rules } = startGates(records, clock)
  for (let count = 3; count < 100; count++) rules.set(`R${count}`, { sets: [] })
  const all = { matchers: [{ text: 'severity=~".+"', matches: () => true }] }
  expect(check(all).rules).toHaveLength(100)
  rules.set('one more', { sets: [] })
  expect(() => check(all)).toThrow('101 rules match, more than the 100 that a gate looks at; name fewer')
})

test('a gate that nothing matches is kept as any other, and passes in dry-run', () => {
  const { check, gates } = startGates(records, clock)
  const nothing = { gate: undefined, matchers: [{ text: 'team="x"', matches: () => false }] }
  expect(gates.get(check(nothing).id)).toMatchObject({ state: 'done', answer: 'error' })
  expect(gates.get(check({ ...nothing, dryRun: true }).id)).toMatchObject({ verdict: 'error', answer: 'pass' })
})

test('an override of rules that somebody chose is found in the audit log by the result, which ended when it did', async () => {
  const { check, set, gates, audited } = startGates(records, clock)
  set('Errors', 'bad')
  const { id, finishedAt } = check({ gate: undefined, rules: [{ rule: 'Errors', dryRun: false }] })
  await clock.advance(60 * second)
  expect(gates.override(id, { actor: 'joe', reason: 'urgent' })).toMatchObject({ finishedAt, override: { at: '2026-01-01T01:01:00.000Z' } })
  expect(audited.map(({ action, target }) => `${action} ${target}`)).toEqual([`gate.check ${id}`, `gate.override ${id}`])
})

test('results are kept for sixty days', async () => {
  const { id } = startGates(records, clock).check()
  await clock.advance(59 * 86_400_000)
  const { gates } = startGates(records, clock)
  gates.start()
  expect(gates.get(id).answer).toBe('pass')
  await clock.advance(2 * 86_400_000)
  gates.start()
  expect(() => gates.get(id)).toThrow(`there is no gate result ${id}`)
})
