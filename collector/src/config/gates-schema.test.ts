import { describe, expect, it } from 'vitest'
import { loadConfig } from './load.ts'

const load = (yaml: string) => loadConfig({ flags: {}, env: {}, files: { exists: () => true, read: () => yaml } })

const rule = 'rules: [{ name: Errors, source: { measurement: http, field: errors }, condition: { above: 1 } }]\n'

describe('gates', () => {
  it('name rules and tests on labels, and have defaults that fail closed', () => {
    const [gate] = load(
      `${rule}gates: [{ name: production, rules: [Errors, { rule: host-cpu-high, dry_run: true }], matchers: ['severity="critical"'] }]`,
    ).gates
    expect(gate).toMatchObject({
      ...{ name: 'production', labels: {}, watchMs: 0, onInconclusive: 'wait', onMuted: 'judge', dryRun: false },
      rules: [
        { rule: 'Errors', dryRun: false },
        { rule: 'host-cpu-high', dryRun: true },
      ],
    })
    expect(gate?.matchers.map(({ text, matches }) => [text, matches({ severity: 'critical' }), matches({})])).toEqual([
      ['severity="critical"', true, false],
    ])
  })

  it.each([
    ['gates: [{ name: a, rules: [Erors] }]', 'gates[0].rules[0]', 'there is no rule "Erors", did you mean "Errors"?'],
    ['gates: [{ name: a }]', 'gates[0]', 'needs rules or matchers'],
    ['gates: [{ name: check, rules: [Errors] }]', 'gates[0].name', 'must not be check or results'],
    ['gates: [{ name: a, rules: [Errors], watch: 3h }]', 'gates[0].watch', 'watch must be at most 2h'],
    ["gates: [{ name: a, matchers: ['severity'] }]", 'gates[0].matchers[0]', 'is not a matcher'],
    ['gates: [{ name: a, rules: [Errors], on_muted: hide }]', 'gates[0].on_muted', 'must be one of judge, pass, fail'],
    ['gates: [{ name: a, rules: [Errors] }, { name: a, rules: [Errors] }]', 'gates[1]', 'another gate is called "a" already'],
  ])('%s is refused', (yaml, path, message) => {
    expect(() => load(rule + yaml)).toThrow(path)
    expect(() => load(rule + yaml)).toThrow(message)
  })
})
