import { beforeEach, describe, expect, test } from 'vitest'
import { createFakeClock, type FakeClock } from '../../lib/clock.ts'
import { silentLog } from '../../lib/log.ts'
import type { GateRecords } from '../../model/gate-records.ts'
import { createGateRecords } from '../../state/gate-records.ts'
import { openState } from '../../state/state.ts'
import { calm, startGates } from './scenario.ts'

const left = new AbortController().signal
let records: GateRecords
let clock: FakeClock

beforeEach(() => {
  records = createGateRecords(openState({ path: ':memory:', log: silentLog }).db)
  clock = createFakeClock()
})

const setup = () => startGates(records, clock)

describe('a gate', () => {
  test('looks at the rules it names and at those whose labels pass its tests', () => {
    const { check, gates } = setup()
    expect(check()).toMatchObject({ state: 'done', verdict: 'pass', answer: 'pass', reason: '2 rules are fine' })
    expect(check().rules.map(({ rule }) => rule)).toEqual(['Errors', 'Disk'])
    expect(gates.list()).toMatchObject([{ name: 'production', rules: ['Errors', 'Disk'], matchers: ['severity="critical"'] }])
  })

  test('fails with one that fails, and says which', () => {
    const { check, set } = setup()
    set('Disk', 'bad')
    expect(check()).toMatchObject({ verdict: 'fail', answer: 'fail', reason: 'Disk: firing: s' })
  })

  test('leaves out rules that are about others, and says so', () => {
    const { check } = setup()
    const rules = ['Errors', 'Slow'].map((rule) => ({ rule, dryRun: false }))
    expect(check({ gate: undefined, rules, labels: { service: 'other' } })).toMatchObject({ notAbout: ['Slow'] })
    expect(check({ gate: undefined, rules: rules.slice(1), labels: { service: 'other' } })).toMatchObject({
      ...{ verdict: 'error', answer: 'error', reason: 'no rule matches of service=other; Slow are about others' },
    })
  })

  test('that nothing matches cannot be judged, also when it would fail open', () => {
    const { check } = setup()
    const matchers = [{ text: 'team="x"', matches: () => false }]
    const empty = { gate: undefined, matchers }
    expect(check(empty)).toMatchObject({ verdict: 'error', answer: 'error', reason: 'no rule matches' })
    expect(check({ ...empty, failOpen: true }).answer).toBe('error')
    expect(() => check({ gate: undefined })).toThrow('say which rules are judged')
    expect(() => check({ gate: undefined, rules: [{ rule: 'Eros', dryRun: false }] })).toThrow('there is no rule "Eros"')
    expect(() => check({ gate: 'prod' })).toThrow('there is no gate prod')
  })

  test('with rules that know nothing of the labels is inconclusive, though each takes silence for fine', () => {
    const { check, set } = setup()
    for (const name of ['Errors', 'Disk']) set(name, { sets: [], isSilenceFine: true })
    expect(check({ labels: { service: 'chekcout' } })).toMatchObject({
      ...{ verdict: 'inconclusive', answer: 'fail' },
      reason: 'none of the rules has ever seen data of environment=production, service=chekcout',
    })
  })

  test('shows what a rule in dry-run says and does not count it', () => {
    const { check, set } = setup()
    set('Errors', 'bad')
    const answer = check({ rules: [{ rule: 'Errors', dryRun: true }] })
    expect(answer).toMatchObject({ verdict: 'pass', answer: 'pass', rules: [{ rule: 'Errors', verdict: 'fail', dryRun: true }, {}] })
  })

  test('in dry-run lets everything pass and stores the true verdict', () => {
    const { check, set, gates } = setup()
    set('Errors', 'bad')
    const { id } = check({ dryRun: true })
    expect(gates.get(id)).toMatchObject({ verdict: 'fail', answer: 'pass' })
    expect(gates.results({ limit: 10, verdict: ['fail'] })).toMatchObject({ total: 1, results: [{ id }] })
  })

  test('that cannot judge a rule fails closed, and open only when told so', () => {
    const { check, set } = setup()
    set('Errors', { error: 'no store', sets: [calm] })
    expect(check()).toMatchObject({ verdict: 'error', answer: 'error', reason: 'Errors: cannot be evaluated: no store' })
    expect(check({ failOpen: true })).toMatchObject({ verdict: 'error', answer: 'pass' })
    set('Disk', 'bad')
    expect(check({ failOpen: true }).answer).toBe('fail')
  })

  test('looks at the service and environment of a deployment, and leaves its name in the audit log', () => {
    const { check, audited, gates } = setup()
    const { id } = check({ deploymentId: 'd1' })
    expect(gates.get(id)).toMatchObject({ labels: { service: 'shop', environment: 'staging' }, deploymentId: 'd1' })
    expect(audited).toMatchObject([{ actor: 'jane', action: 'gate.check', target: 'production', detail: { id } }])
    expect(gates.results({ deploymentId: 'd1', limit: 10 }).total).toBe(1)
    expect(gates.results({ deploymentId: 'd2', limit: 10 }).total).toBe(0)
  })
})

describe('what nothing can be said of', () => {
  test.each([
    ['wait', 'fail'],
    ['fail', 'fail'],
    ['pass', 'pass'],
  ] as const)('with on_inconclusive: %s and no time to wait ends in %s', (onInconclusive, answer) => {
    const { check, set } = setup()
    set('Errors', 'unsure')
    expect(check({ onInconclusive })).toMatchObject({ state: 'done', verdict: 'inconclusive', answer })
  })

  test('has until the deadline by default, and fails then', async () => {
    const { check, set, gates } = setup()
    set('Errors', 'unsure')
    const { id } = check({ watchMs: 60_000 })
    await clock.advance(59_000)
    expect(gates.get(id)).toMatchObject({ state: 'watching', verdict: 'inconclusive', answer: null })
    await clock.advance(1000)
    expect(gates.get(id)).toMatchObject({ state: 'done', verdict: 'inconclusive', answer: 'fail' })
  })

  test('passes when it is fine in the end', async () => {
    const { check, set, gates } = setup()
    set('Errors', 'unsure')
    const { id } = check({ watchMs: 60_000 })
    await clock.advance(30_000)
    set('Errors', 'fine')
    await clock.advance(30_000)
    expect(gates.get(id)).toMatchObject({ state: 'done', verdict: 'pass', answer: 'pass' })
  })

  test('fails at once with on_inconclusive: fail, but not for the first answer of the store', async () => {
    const { check, set, gates } = setup()
    set('Errors', { isWaiting: true })
    const { id } = check({ watchMs: 60_000, onInconclusive: 'fail' })
    await clock.advance(4000)
    expect(gates.get(id).state).toBe('watching')
    set('Errors', 'unsure')
    await clock.advance(1000)
    expect(gates.get(id)).toMatchObject({ state: 'done', answer: 'fail' })
  })
})

describe('a gate that watches', () => {
  test('fails at the first rule that fails, and whoever waits hears of it', async () => {
    const { check, set, gates, events } = setup()
    const { id } = check({ watchMs: 300_000 })
    const told = gates.wait(id, 600_000, left)
    await clock.advance(60_000)
    set('Disk', 'bad')
    await clock.advance(5000)
    expect(await told).toMatchObject({ state: 'done', verdict: 'fail', finishedAt: '2026-01-01T00:01:05.000Z' })
    set('Disk', 'fine')
    await clock.advance(600_000)
    expect(gates.get(id).verdict).toBe('fail')
    expect(events.map((event) => event.type === 'gate' && event.result.state)).toEqual(['watching', 'done'])
  })

  test('gives a rule that cannot be evaluated until the deadline', async () => {
    const { check, set, gates } = setup()
    set('Errors', { error: 'no store' })
    const { id } = check({ watchMs: 60_000 })
    await clock.advance(20_000)
    expect(gates.get(id).state).toBe('watching')
    set('Errors', 'fine')
    await clock.advance(40_000)
    expect(gates.get(id).answer).toBe('pass')
  })

  test('once looks again while a rule waits for the store', async () => {
    const { check, set, gates } = setup()
    set('Errors', { isWaiting: true })
    const { id } = check()
    const told = gates.wait(id, 10_000, left)
    await clock.advance(400)
    set('Errors', 'fine')
    await clock.advance(200)
    expect(await told).toMatchObject({ state: 'done', answer: 'pass' })
  })

  test('once does not wait for the store for ever', async () => {
    const { check, set, gates } = setup()
    set('Errors', { isWaiting: true })
    const { id } = check()
    await clock.advance(5000)
    expect(gates.get(id)).toMatchObject({ state: 'done', verdict: 'inconclusive', answer: 'fail' })
  })

  test('is let go by a collector that stops: whoever waits hears how it stands', async () => {
    const { check, gates } = setup()
    const { id } = check({ watchMs: 60_000 })
    const told = gates.wait(id, 30_000, left)
    await clock.advance(10_000)
    gates.stop()
    expect(await told).toMatchObject({ state: 'watching', verdict: 'pass', answer: null, lookedAt: '2026-01-01T00:00:10.000Z' })
    expect((await gates.wait(id, 30_000, left)).state).toBe('watching')
  })

  test('is let go by whoever no longer waits', async () => {
    const { check, gates } = setup()
    const { id } = check({ watchMs: 60_000 })
    const leaving = new AbortController()
    const told = gates.wait(id, 30_000, leaving.signal)
    leaving.abort()
    expect((await told).state).toBe('watching')
    const later = gates.wait(id, 1000, left)
    await clock.advance(1000)
    expect((await later).state).toBe('watching')
  })

  test('is not begun when it cannot be stored', async () => {
    let isFull = true
    const save: GateRecords['save'] = (...given) => {
      if (isFull) throw new Error('the disk is full')
      records.save(...given)
    }
    const { check, gates, events } = startGates({ ...records, save }, clock)
    for (let count = 0; count < 101; count++) expect(() => check({ watchMs: 60_000 })).toThrow('the disk is full')
    isFull = false
    await clock.advance(60_000)
    expect(events).toEqual([])
    expect(gates.get(check().id).answer).toBe('pass')
  })

  test('is one of a hundred at most', () => {
    const { check } = setup()
    for (let count = 0; count < 100; count++) check({ watchMs: 60_000 })
    expect(() => check({ watchMs: 60_000 })).toThrow('100 gates are watched already')
  })

  test('takes a rule that a reload took away for an error', async () => {
    const { check, rules, gates } = setup()
    const { id } = check({ watchMs: 60_000 })
    rules.delete('Errors')
    await clock.advance(60_000)
    expect(gates.get(id)).toMatchObject({
      verdict: 'error',
      reason: 'Errors: cannot be evaluated: the rule is gone from the configuration',
    })
  })
})

describe('an override', () => {
  test('lets a failed one pass, keeps the verdict, and says who and why', () => {
    const { check, set, gates, audited } = setup()
    set('Errors', 'bad')
    const { id } = check()
    expect(gates.override(id, { actor: 'joe', reason: 'the fix is in it' })).toMatchObject({ verdict: 'fail', answer: 'pass' })
    expect(gates.get(id)).toMatchObject({ override: { actor: 'joe', reason: 'the fix is in it', at: '2026-01-01T00:00:00.000Z' } })
    expect(audited[1]).toMatchObject({ actor: 'joe', action: 'gate.override', target: 'production', detail: { id, verdict: 'fail' } })
    expect(() => gates.override(id, { actor: 'joe', reason: 'again' })).toThrow('passes already')
    expect(() => gates.override('none', { actor: 'joe', reason: 'x' })).toThrow('there is no gate result none')
  })

  test('ends a watch', async () => {
    const { check, gates } = setup()
    const { id } = check({ watchMs: 60_000 })
    gates.override(id, { actor: 'joe', reason: 'urgent' })
    await clock.advance(120_000)
    expect(gates.get(id)).toMatchObject({ state: 'done', answer: 'pass', override: { actor: 'joe' } })
  })
})
