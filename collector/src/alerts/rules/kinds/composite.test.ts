import { describe, expect, test } from 'vitest'
import type { Tags } from '../../../model/point.ts'
import { depthOf, type Expression, expressionText, firingText, type Level, levelOf, rangeOf } from '../definition/expression.ts'
import { type RuleInput, ruleSchema } from '../definition/rule-schema.ts'
import { createRuleScenario } from '../evaluation/rule-scenario.ts'

const level = (expression: Expression, levels: Record<string, Level>) => levelOf(expression, (name) => levels[name] ?? 'no_data')

describe('a level', () => {
  test.each<[Expression, Level, Level, Level]>([
    [{ and: ['a', 'b'] }, 'critical', 'warning', 'warning'],
    [{ and: ['a', 'b'] }, 'critical', 'no_data', 'no_data'],
    [{ and: ['a', 'b'] }, 'critical', 'ok', 'ok'],
    [{ or: ['a', 'b'] }, 'critical', 'warning', 'critical'],
    [{ or: ['a', 'b'] }, 'no_data', 'ok', 'no_data'],
    [{ or: ['a', 'b'] }, 'no_data', 'info', 'info'],
    [{ not: 'a' }, 'ok', 'ok', 'critical'],
    [{ not: 'a' }, 'info', 'ok', 'ok'],
    [{ not: 'a' }, 'no_data', 'ok', 'no_data'],
    [{ and: ['a', { not: 'b' }] }, 'warning', 'ok', 'warning'],
    [{ and: ['a', { not: 'b' }] }, 'warning', 'critical', 'ok'],
  ])('%j of %s and %s is %s', (expression, a, b, expected) => {
    expect(level(expression, { a, b })).toBe(expected)
  })

  test.each<[Expression, Level, Level]>([
    [{ and: ['known', 'open'] }, 'ok', 'warning'],
    [{ and: ['fine', 'open'] }, 'ok', 'ok'],
    [{ or: ['fine', 'open'] }, 'ok', 'warning'],
    [{ or: ['known', 'open'] }, 'critical', 'critical'],
    [{ not: 'open' }, 'ok', 'critical'],
    [{ and: ['open', { not: 'open' }] }, 'ok', 'warning'],
    [{ and: ['known', { not: 'open' }] }, 'ok', 'critical'],
    [{ and: ['open', 'gone'] }, 'ok', 'no_data'],
    [{ not: 'gone' }, 'no_data', 'no_data'],
  ])('of %j, of which a part is not known yet, is from %s to %s', (expression, least, most) => {
    const ranges: Record<string, Level[]> = { known: ['critical'], fine: ['ok'], gone: ['no_data'], open: ['ok', 'warning'] }
    const range = rangeOf(expression, (name) => ({ least: ranges[name]?.[0] ?? 'ok', most: ranges[name]?.at(-1) ?? 'ok' }))
    expect(range).toEqual({ least, most })
  })

  test('is written in words, and counts how deep it goes', () => {
    const expression = { and: ['a', { or: ['b', { not: 'c' }] }] }
    expect(expressionText(expression)).toBe('a and (b or not c)')
    expect(firingText(expression)).toBe('a fires and (b fires or c does not fire)')
    expect(depthOf(expression)).toBe(3)
  })

  test('nested deeper than 3 is refused', () => {
    const deep = { and: ['a', { or: ['b', { and: ['c', { not: 'd' }] }] }] }
    const parsed = ruleSchema.safeParse({ name: 'Deep', kind: 'composite', expression: deep })
    expect(parsed.error?.issues[0]).toMatchObject({ path: ['expression'], message: expect.stringContaining('nested 4 deep') })
  })
})

const member = (name: string, field: string, severity: string, group_by?: string[]): RuleInput => ({
  name,
  source: { measurement: 'm', field, ...(group_by && { group_by }) },
  condition: { above: 90 },
  severity,
  labels: { team: name },
})

function setup(expression: Expression, changes: Partial<RuleInput> = {}, groups: (string[] | undefined)[] = []) {
  const both: RuleInput = { name: 'Both', kind: 'composite', expression, ...changes }
  const scenario = createRuleScenario([both, member('A', 'a', 'critical', groups[0]), member('B', 'b', 'warning', groups[1])])
  return {
    ...scenario,
    async set(field: 'a' | 'b', value: number, tags: Tags = { host: 'x' }) {
      scenario.push(value, tags, `m.${field}`)
      await scenario.clock.advance(10)
      return scenario.instances('Both').map(({ labels, state, severity }) => `${labels.host ?? '-'} ${state} ${severity}`)
    },
  }
}

describe('a composite', () => {
  test('fires at once when both do, as severe as the lesser, and ends with either', async () => {
    const { set } = setup({ and: ['A', 'B'] })
    await set('a', 95)
    await set('b', 50)
    expect(await set('a', 95)).toEqual(['x ok warning'])
    expect(await set('b', 95)).toEqual(['x firing warning'])
    expect(await set('a', 50)).toEqual(['x ok warning'])
  })

  test('that does not hold any more says so while it is kept firing', async () => {
    const { set, instances } = setup({ and: ['A', 'B'] }, { keep_firing_for: '10m' })
    await set('a', 95)
    await set('b', 95)
    expect(await set('a', 50)).toEqual(['x recovering warning'])
    expect(instances('Both')[0]?.annotations.summary).toBe('no longer true: A fires and B fires (host=x)')
  })

  test('joined by or takes the worse severity, and tells when it rises', async () => {
    const { set, transitions } = setup({ or: ['A', 'B'] })
    await set('a', 50)
    expect(await set('b', 95)).toEqual(['x firing warning'])
    expect(await set('a', 95)).toEqual(['x firing critical'])
    const own = transitions.filter(({ instance }) => instance.rule === 'Both')
    expect(own.map(({ instance }) => instance.severity)).toEqual(['warning', 'critical'])
  })

  test('has its own severity when one is given', async () => {
    const { set } = setup({ or: ['A', 'B'] }, { severity: 'info' })
    await set('b', 50)
    expect(await set('a', 95)).toEqual(['x firing info'])
  })

  test('meets only where labels are equal by name and value', async () => {
    const { set } = setup({ and: ['A', 'B'] })
    await set('a', 95, { host: 'x' })
    await set('b', 95, { host: 'y' })
    await set('a', 50, { host: 'y' })
    expect(await set('b', 50, { host: 'x' })).toEqual(['x ok warning', 'y ok warning'])
    expect(await set('b', 95, { host: 'x' })).toEqual(['x firing warning', 'y ok warning'])
  })

  test('joins a rule without labels to every label set', async () => {
    const { set } = setup({ and: ['A', { not: 'B' }] }, {}, [['host'], []])
    await set('b', 50)
    expect(await set('a', 95, { host: 'x' })).toEqual(['x firing critical'])
    expect(await set('b', 95)).toEqual(['x ok critical'])
  })

  test('may be matched by fewer labels', async () => {
    const { set } = setup({ or: ['A', 'B'] }, { match: ['dc'] })
    await set('b', 50, { host: 'x', dc: 'north' })
    await set('a', 95, { host: 'x', dc: 'north' })
    expect(await set('a', 50, { host: 'y', dc: 'north' })).toEqual(['- firing critical'])
  })

  test('of a member without data has none itself, and keeps what it was', async () => {
    const { set } = setup({ and: ['A', 'B'] }, { on_no_data: 'keep' })
    expect(await set('a', 95)).toEqual(['x ok warning'])
    expect(await set('b', 95)).toEqual(['x firing warning'])
  })

  test('takes a member whose silence is fine for fine, and one that cannot be evaluated for unknown', async () => {
    const rules: RuleInput[] = [
      member('A', 'a', 'critical'),
      { ...member('Planned', 'b', 'info', []), on_no_data: 'ok' },
      { name: 'Both', kind: 'composite', expression: { and: ['A', { not: 'Planned' }] } },
    ]
    const scenario = createRuleScenario(rules)
    scenario.push(95, { host: 'x' }, 'm.a')
    await scenario.clock.advance(10_000)
    expect(scenario.states('Both')).toBe('x firing')
    scenario.push(95, {}, 'm.b')
    await scenario.clock.advance(10)
    expect(scenario.states('Both')).toBe('x ok')
  })

  test('does not take a pending member for one that fires', async () => {
    const rules: RuleInput[] = [
      { ...member('A', 'a', 'critical'), for: '1m' },
      { name: 'Both', kind: 'composite', expression: { and: ['A', 'B'] } },
      member('B', 'b', 'warning'),
    ]
    const scenario = createRuleScenario(rules)
    for (const at of [0, 30, 59]) {
      await scenario.to(at)
      scenario.push(95, { host: 'x' }, 'm.a')
      scenario.push(95, { host: 'x' }, 'm.b')
    }
    await scenario.clock.advance(10)
    expect(scenario.states('Both')).toBe('x ok')
    await scenario.to(60)
    await scenario.clock.advance(10)
    expect(scenario.states('Both')).toBe('x firing')
  })
})
