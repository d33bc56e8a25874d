import { beforeEach, expect, test } from 'vitest'
import { createFakeClock, type FakeClock } from '../../lib/clock.ts'
import { silentLog } from '../../lib/log.ts'
import type { AuditLog } from '../../model/audit.ts'
import type { SilenceRecords } from '../../model/silence.ts'
import { createAuditLog } from '../../state/audit-log.ts'
import { createSilenceRecords } from '../../state/silence-records.ts'
import { openState } from '../../state/state.ts'
import { type SilenceWish, stateOf } from './silence.ts'
import { createSilences } from './silences.ts'

const hour = 3_600_000
let clock: FakeClock
let records: SilenceRecords
let audit: AuditLog
let counter = 0

beforeEach(() => {
  const { db } = openState({ path: ':memory:', log: silentLog })
  ;[clock, records, audit, counter] = [createFakeClock(), createSilenceRecords(db), createAuditLog(db), 0]
})

const create = () =>
  createSilences({
    records,
    audit,
    clock,
    newId: () => `s${++counter}`,
    longestMs: () => 30 * 24 * hour,
    atOnceMax: () => 5,
    onChange: () => {},
  })
const host = (value: string) => ({ name: 'host', value, isRegex: false, isEqual: true })
const wish = (changed: Partial<SilenceWish> = {}): SilenceWish => ({
  matchers: [host('a')],
  endsAtMs: clock.now() + hour,
  createdBy: 'jane',
  comment: 'changing the disk',
  ...changed,
})
const states = (silences: ReturnType<typeof create>) => silences.list().map((one) => `${one.id} ${stateOf(one, clock.now())}`)

test('a silence is pending, active and expired as its time comes and goes', async () => {
  const silences = create()
  silences.set(wish({ startsAtMs: clock.now() + hour, endsAtMs: clock.now() + 2 * hour }))
  expect([states(silences), silences.silencedBy({ host: 'a' })]).toEqual([['s1 pending'], []])
  await clock.advance(hour)
  expect([states(silences), silences.silencedBy({ host: 'a' })]).toEqual([['s1 active'], ['s1']])
  expect(silences.silencedBy({ host: 'b' })).toEqual([])
  await clock.advance(hour)
  expect([states(silences), silences.silencedBy({ host: 'a' })]).toEqual([['s1 expired'], []])
})

test.each([
  ['no matcher', { matchers: [] }, 'at least one matcher'],
  ['matchers that any alert passes', { matchers: [{ ...host('.*'), isRegex: true }] }, 'must not match the empty text'],
  ['an expression that cannot be read', { matchers: [{ ...host('('), isRegex: true }] }, 'cannot be read'],
  ['no owner', { createdBy: ' ' }, 'who answers for'],
  ['no reason', { comment: ' ' }, 'say why'],
  ['an end in the past', { endsAtMs: 0 }, 'in the past'],
  ['an end before the start', { startsAtMs: Date.UTC(2026, 0, 2), endsAtMs: Date.UTC(2026, 0, 1, 5) }, 'after startsAt'],
  ['an end too far away', { endsAtMs: Date.UTC(2026, 1, 5) }, '30 days at most'],
])('refuses a silence with %s', (_what, changed, why) => {
  const silences = create()
  expect(() => silences.set(wish(changed))).toThrow(why)
  expect(silences.list()).toEqual([])
})

test('an active silence takes a new end and comment and stays the same', async () => {
  const silences = create()
  const { id, startsAtMs } = silences.set(wish())
  await clock.advance(hour / 2)
  silences.set(wish({ id, startsAtMs, endsAtMs: clock.now() + 3 * hour, comment: 'takes longer' }))
  expect(states(silences)).toEqual(['s1 active'])
  expect(silences.get(id)).toMatchObject({ startsAtMs, endsAtMs: clock.now() + 3 * hour, comment: 'takes longer' })
})

test('matchers in another order are no others', async () => {
  const silences = create()
  const zone = { ...host('z'), name: 'zone' }
  const { id, startsAtMs } = silences.set(wish({ matchers: [zone, host('a')] }))
  silences.set(wish({ id, startsAtMs, matchers: [host('a'), zone], comment: 'again' }))
  expect(states(silences)).toEqual(['s1 active'])
  expect(silences.get(id).matchers).toEqual([host('a'), zone])

  const but = (value: string) => ({ ...host(value), isEqual: false })
  const both = silences.set(wish({ matchers: [zone, but('a'), but('b')] }))
  // Another client spells the same in another order, down to the keys.
  const other = [{ isEqual: false, isRegex: false, value: 'b', name: 'host' }, zone, but('a')]
  const same = { id: both.id, startsAtMs: both.startsAtMs }
  expect(silences.set(wish({ ...same, matchers: other, comment: 'longer' })).id).toBe(both.id)
  expect(silences.set(wish({ ...same, matchers: [zone, host('a'), but('b')] })).id).not.toBe(both.id)
})

test.each([
  [true, true, ['a1', 'a2']],
  [true, false, ['a1']],
  [false, true, ['b']],
  [false, false, ['a2', 'b']],
])('a matcher that is equal %j and an expression %j covers %j', (isEqual, isRegex, covered) => {
  const silences = create()
  // Beside one that holds for all, as none may cover every alert.
  const all = { name: 'zone', value: 'z', isRegex: false, isEqual: true }
  silences.set(wish({ matchers: [all, { name: 'host', value: isRegex ? 'a.' : 'a1', isRegex, isEqual }] }))
  expect(['a1', 'a2', 'b'].filter((name) => silences.silencedBy({ zone: 'z', host: name }).length > 0)).toEqual(covered)
})

test('other matchers or another start end an active silence and make a new one', async () => {
  const silences = create()
  const { id } = silences.set(wish())
  await clock.advance(1000)
  silences.set(wish({ id, matchers: [host('b')] }))
  expect(states(silences)).toEqual(['s1 expired', 's2 active'])
  silences.set(wish({ id: 's2', matchers: [host('b')], startsAtMs: clock.now() + 60_000 }))
  expect(states(silences)).toEqual(['s1 expired', 's2 expired', 's3 pending'])
})

test('a pending silence takes another start', () => {
  const silences = create()
  const { id } = silences.set(wish({ startsAtMs: clock.now() + 60_000 }))
  silences.set(wish({ id, startsAtMs: clock.now() + 120_000 }))
  expect(silences.list()).toMatchObject([{ id, startsAtMs: clock.now() + 120_000 }])
})

test('a change that leaves out the milliseconds of the start, or the start, is of the same silence', async () => {
  const silences = create()
  await clock.advance(1900)
  const { id, startsAtMs } = silences.set(wish())
  const cut = Math.floor(startsAtMs / 1000) * 1000
  expect(silences.set(wish({ id, startsAtMs: cut, comment: 'longer' })).id).toBe(id)
  const day = 24 * hour
  const far = silences.set(wish({ startsAtMs: clock.now() + 29 * day, endsAtMs: clock.now() + 31 * day }))
  expect(silences.set(wish({ id: far.id, endsAtMs: far.endsAtMs, comment: 'as planned' }))).toMatchObject({
    ...{ id: far.id, startsAtMs: far.startsAtMs, comment: 'as planned' },
  })
})

test('an expired silence stays so: a change makes a new one, and it cannot expire twice', async () => {
  const silences = create()
  const { id } = silences.set(wish())
  silences.expire(id, 'joe')
  expect(() => silences.expire(id, 'joe')).toThrow('expired already')
  silences.set(wish({ id }))
  expect(states(silences)).toEqual(['s1 expired', 's2 active'])
  expect(() => silences.set(wish({ id: 'nonsense' }))).toThrow('no silence nonsense')
})

test('silences survive a restart, and every change has its line in the audit log', () => {
  const before = create()
  before.set(wish())
  before.set(wish({ id: 's1', comment: 'still' }))
  before.expire('s1', 'joe')
  const after = create()
  expect(after.list()).toEqual(before.list())
  expect(audit.list({ limit: 9 }).map(({ actor, action, target }) => `${actor} ${action} ${target}`)).toEqual([
    'joe silence.expire s1',
    'jane silence.update s1',
    'jane silence.create s1',
  ])
})

test('a silence until a deployment ends with it, and others go on', () => {
  const silences = create()
  silences.set(wish({ untilDeployment: 'd1' }))
  silences.set(wish({ untilDeployment: 'd2' }))
  silences.endWith('d1')
  expect(states(silences)).toEqual(['s1 expired', 's2 active'])
  expect(audit.list({ limit: 1 })).toMatchObject([{ actor: 'tidewatch', action: 'silence.expire', target: 's1' }])
})

test('what ended stays as it ended, though its deployment ends later or somebody changes it', async () => {
  const silences = create()
  const { endsAtMs } = silences.set(wish({ untilDeployment: 'd1' }))
  await clock.advance(2 * hour)
  silences.endWith('d1')
  expect(silences.set(wish({ id: 's1' })).untilDeployment).toBeNull()
  expect(silences.get('s1').endsAtMs).toBe(endsAtMs)
  expect(states(silences)).toEqual(['s1 expired', 's2 active'])
})

test('a change that says nothing of the deployment or the annotations leaves them as they are, also where a new silence takes over', () => {
  const silences = create()
  silences.set(wish({ untilDeployment: 'd1', annotations: { ticket: 'OPS-7' } }))
  const kept = { untilDeployment: 'd1', annotations: { ticket: 'OPS-7' } }
  expect(silences.set(wish({ id: 's1', endsAtMs: clock.now() + 2 * hour }))).toMatchObject({ id: 's1', ...kept })
  expect(silences.set(wish({ id: 's1', matchers: [host('b')] }))).toMatchObject({ id: 's2', ...kept })
  silences.endWith('d1')
  expect(states(silences)).toEqual(['s1 expired', 's2 expired'])
})

test('a silence may last just as long as the longest, and not from its end on', () => {
  const silences = create()
  silences.set(wish({ endsAtMs: clock.now() + 30 * 24 * hour }))
  expect(() => silences.set(wish({ endsAtMs: clock.now() + 30 * 24 * hour + 1 }))).toThrow('30 days at most')
  expect(() => silences.set(wish({ startsAtMs: clock.now() + hour, endsAtMs: clock.now() + hour }))).toThrow('after startsAt')
  expect(() => silences.set(wish({ endsAtMs: clock.now() }))).toThrow('in the past')
})

test('there are no more silences at a time than are allowed, of which those that ended do not count', () => {
  const silences = create()
  for (let count = 0; count < 5; count++) silences.set(wish())
  expect(() => silences.set(wish())).toThrow(
    'There are 5 silences already that are active or pending. End some that nobody needs, cover several with one, or raise silences.max_silences.',
  )
  expect(silences.set(wish({ id: 's4', comment: 'a change needs no room' })).id).toBe('s4')
  silences.expire('s1', 'jane')
  expect(silences.set(wish()).id).toBe('s6')
})

test('a start that lies in the past is now, and a pending silence that is ended was never active', () => {
  const silences = create()
  expect(silences.set(wish({ startsAtMs: clock.now() - hour })).startsAtMs).toBe(clock.now())
  silences.set(wish({ startsAtMs: clock.now() + hour, endsAtMs: clock.now() + 2 * hour }))
  expect(silences.expire('s2', 'jane')).toMatchObject({ startsAtMs: clock.now(), endsAtMs: clock.now() })
})

test('forgets what ended long ago', async () => {
  const silences = create()
  silences.set(wish())
  await clock.advance(2 * hour)
  silences.set(wish())
  silences.prune(clock.now())
  expect([silences.list(), records.silences()].map((kept) => kept.map(({ id }) => id))).toEqual([['s2'], ['s2']])
})
