import { expect, test } from 'vitest'
import type { Expression } from '../alerts/rules/definition/expression.ts'
import type { RuleInput } from '../alerts/rules/definition/rule-schema.ts'
import { minute, second, startScenario } from '../alerts/scenario.ts'
import { createGates } from '../deployments/gate/engine.ts'
import { silentLog } from '../lib/log.ts'
import { createAlertingRecords } from '../state/alerting-records.ts'
import { createAuditLog } from '../state/audit-log.ts'
import { createGateRecords } from '../state/gate-records.ts'
import { openState } from '../state/state.ts'

/** What a gate makes of a composite while some of its members hold, and not yet long enough to fire: a logic of three values. */
const member = (name: string): RuleInput => ({
  ...{ name, source: { measurement: 'm', field: name }, condition: { above: 90 }, window: '1m', for: '5m' },
})
type State = 'calm' | 'pending' | 'firing'

async function verdictOf(expression: Expression, states: Readonly<Record<string, State>>, nested: readonly RuleInput[] = []) {
  const names = Object.keys(states)
  const { db } = openState({ path: ':memory:', log: silentLog })
  const rules: RuleInput[] = [...names.map(member), ...nested, { name: 'Joined', kind: 'composite', expression }]
  const scenario = await startScenario({ records: createAlertingRecords(db), rules, route: { receiver: 'ops', group_wait: '0s' } })
  const gates = createGates({
    ...{ judged: scenario.alerts(), gates: () => [], records: createGateRecords(db), audit: createAuditLog(db) },
    ...{ clock: scenario.clock, log: silentLog, emit() {} },
    deployment() {
      throw new Error('no deployment')
    },
  })
  for (let passedMs = 0; passedMs <= 6 * minute; passedMs += 10 * second) {
    for (const name of names) {
      const isBad = states[name] === 'firing' || (states[name] === 'pending' && passedMs >= 3 * minute)
      scenario.pushAs('m', name, { host: 'x' }, isBad ? 95 : 50)
    }
    await scenario.clock.advance(10 * second)
  }
  const chosen = { rules: [{ rule: 'Joined', dryRun: false }], labels: {}, failOpen: false, actor: 'jane' }
  const { verdict, reason } = gates.check(chosen)
  await scenario.alerts().stop()
  return { verdict, reason }
}

const states = ['calm', 'pending', 'firing'] as const
const letters = { p: 'pass', i: 'inconclusive', f: 'fail' } as const
/** For each state of `a`, a word: what comes of `b` calm, pending and firing. */
const table: readonly [Expression, readonly [calm: string, pending: string, firing: string]][] = [
  [{ and: ['a', 'b'] }, ['ppp', 'pii', 'pif']],
  [{ or: ['a', 'b'] }, ['pif', 'iif', 'fff']],
  // A rule that fires now is told by its alert, and fails a gate, although the pending one might end that.
  [{ and: ['a', { not: 'b' }] }, ['ppp', 'iip', 'ffp']],
  [{ not: { or: ['a', 'b'] } }, ['ffp', 'ffp', 'ppp']],
  [{ or: [{ and: ['a', 'b'] }, { and: ['a', { not: 'b' }] }] }, ['ppp', 'iii', 'fff']],
]

const cases = table.flatMap(([expression, words]) =>
  states.flatMap((a, row) => states.map((b, column) => [expression, a, b, letters[words[row]?.[column] as keyof typeof letters]] as const)),
)

test.each(cases)('%j with a %s and b %s is %s in a gate', async (expression, a, b, expected) => {
  expect((await verdictOf(expression, { a, b })).verdict).toBe(expected)
})

test('says which pending members it depends on, through composites of composites', async () => {
  const inner: RuleInput = { name: 'Inner', kind: 'composite', expression: { and: ['a', 'b'] } }
  const through = await verdictOf({ or: ['Inner', 'c'] }, { a: 'firing', b: 'pending', c: 'calm' }, [inner])
  expect(through).toEqual({ verdict: 'inconclusive', reason: 'Joined: depends on Inner, which is pending' })
  const own = await verdictOf({ or: ['a', 'b'] }, { a: 'pending', b: 'calm' })
  expect(own.reason).toBe('Joined: depends on a, which is pending')
})
