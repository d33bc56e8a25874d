import { describe, expect, test } from 'vitest'
import type { RuleVerdict } from '../../model/gate.ts'
import { chooseRules, judgeGate } from './judge-gate.ts'

const verdict = (rule: string, parts: Partial<RuleVerdict> = {}): RuleVerdict => ({
  ...{ rule, severity: 'high', verdict: 'pass', counts: 'pass', reason: 'is fine', value: 1, samples: 30, minSamples: 1, windowMs: 60_000 },
  ...{ threshold: 'above 1', alertIds: [], mutedBy: [], labelSets: 1, dryRun: false, lastEvaluation: null },
  ...parts,
})
const fails = { verdict: 'fail', counts: 'fail', reason: 'firing' } as const
const letBy = { verdict: 'muted', counts: 'pass', underneath: 'fail', mutedBy: ['silence s1'] } as const
const mutedAndFine = { ...letBy, underneath: 'pass' } as const

test('a gate with several tests on labels looks at the rules that pass all of them', () => {
  const outlines = [
    { name: 'Errors', labels: { team: 'web', severity: 'critical' }, about: {} },
    { name: 'Slow', labels: { team: 'web', severity: 'info' }, about: {} },
  ]
  const has = (label: 'team' | 'severity', value: string) => ({
    text: `${label}="${value}"`,
    matches: (labels: Readonly<Record<string, string>>) => labels[label] === value,
  })
  const chosen = chooseRules(outlines, { rules: [], matchers: [has('team', 'web'), has('severity', 'critical')] }, {})
  expect(chosen.rules).toEqual([{ rule: 'Errors', dryRun: false }])
})

describe('what a gate says', () => {
  test.each<[string, RuleVerdict[], string]>([
    ['one rule is fine', [verdict('Errors')], '1 rule is fine'],
    ['several are', [verdict('Errors'), verdict('Disk')], '2 rules are fine'],
    ['one is fine that somebody muted', [verdict('Errors'), verdict('Disk', mutedAndFine)], '2 rules are fine (1 muted)'],
    [
      'one is let by since it is muted',
      [verdict('Errors'), verdict('Disk', letBy)],
      '1 rule is fine; Disk is let by, for it is muted: under that it is fail',
    ],
    ['nothing but what is muted was looked at', [verdict('Disk', letBy)], 'Disk is let by, for it is muted: under that it is fail'],
    ['nothing counts', [verdict('Errors', { ...fails, dryRun: true })], 'no rule counts: all are in dry-run'],
    ['one of two knows something', [verdict('Errors'), verdict('Disk', { labelSets: 0 })], '2 rules are fine'],
  ])('when %s', (_, verdicts, reason) => {
    expect(judgeGate(verdicts, {})).toEqual({ verdict: 'pass', reason })
  })

  test('when several fail names the first with its reason, and the others', () => {
    const verdicts = [verdict('Errors', fails), verdict('Slow'), verdict('Disk', fails), verdict('Queue', fails)]
    expect(judgeGate(verdicts, {})).toEqual({ verdict: 'fail', reason: 'Errors: firing (and 2 more: Disk, Queue)' })
    expect(judgeGate(verdicts.slice(0, 2), {}).reason).toBe('Errors: firing')
  })
})
