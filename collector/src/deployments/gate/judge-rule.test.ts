import { describe, expect, test } from 'vitest'
import type { RuleJudgement, SetJudgement } from '../../model/judgement.ts'
import { agrees, judgeRule, type RuleView } from './judge-rule.ts'

const nowMs = Date.UTC(2026, 0, 1)
const calm: SetJudgement = {
  ...{ alertId: 'a', labels: { service: 'shop' }, severity: 'high', state: 'ok', reading: 'false' },
  ...{ awaits: [], samples: 100, countedMs: 300_000, value: 0.01, summary: 'errors are 0.01', sinceMs: null, mutedBy: [] },
}
const firing: SetJudgement = {
  ...calm,
  alertId: 'f',
  state: 'firing',
  reading: 'true',
  value: 0.2,
  sinceMs: nowMs - 180_000,
  summary: 'bad',
}
const unsure: SetJudgement = { ...calm, alertId: 'u', reading: 'inconclusive', value: null }
const muted = (set: SetJudgement): SetJudgement => ({ ...set, mutedBy: ['silence s1'] })

function judge(sets: readonly SetJudgement[], rule: Partial<RuleJudgement> = {}, view: Partial<RuleView> = {}) {
  const judgement: RuleJudgement = {
    ...{ name: 'Errors', severity: 'high', limit: 'above 0.05', minSamples: 20, isSilenceFine: false },
    ...{ error: null, isWaiting: false, lastEvaluationMs: nowMs, sets, ...rule },
  }
  return judgeRule(judgement, { labels: {}, onMuted: 'judge', dryRun: false, nowMs, ...view })
}

describe('a rule in a gate', () => {
  test('fails with what fires, since when, its value, limit and alert', () => {
    expect(judge([calm, { ...calm, samples: 7 }])).toMatchObject({ samples: 7, minSamples: 20, windowMs: 300_000 })
    expect(judge([calm, firing])).toEqual({
      ...{ rule: 'Errors', severity: 'high', verdict: 'fail', counts: 'fail', reason: 'firing for 3m: bad' },
      ...{
        samples: 100,
        minSamples: 20,
        windowMs: 300_000,
        value: 0.2,
        threshold: 'above 0.05',
        alertIds: ['f'],
        mutedBy: [],
        labelSets: 2,
        dryRun: false,
      },
      lastEvaluation: '2026-01-01T00:00:00.000Z',
    })
  })

  test.each<[string, Partial<SetJudgement>, string, string]>([
    ['fine', {}, 'pass', 'is fine'],
    ['kept firing', { state: 'recovering' }, 'fail', 'no longer holds, but is kept firing by keep_firing_for: errors are 0.01'],
    ['without data', { state: 'no_data', reading: 'missing', sinceMs: nowMs - 60_000 }, 'fail', 'no data for 1m'],
    [
      'not long enough',
      { state: 'pending', sinceMs: nowMs - 30_000 },
      'inconclusive',
      'holds for 30s, not yet long enough to fire: errors are 0.01',
    ],
    ['too few samples', { reading: 'inconclusive', samples: 3 }, 'inconclusive', '3 of at least 20 samples in 5m'],
    ['almost enough events', { reading: 'inconclusive', samples: 19.97 }, 'inconclusive', '19.9 of at least 20 samples in 5m'],
    [
      'without anything to compare with',
      { reading: 'inconclusive', countedMs: 61_300 },
      'inconclusive',
      'too little to say, of 100 samples in 1m1s',
    ],
    ['not counted', { reading: 'inconclusive', samples: null }, 'inconclusive', 'too little to say (min_samples is 20)'],
    ['fine for as long as others do not fire', { awaits: ['A', 'B'] }, 'inconclusive', 'depends on A, B, which are pending'],
    ['just without data', { reading: 'missing' }, 'inconclusive', 'no data just now'],
    ['not read', { reading: 'unread' }, 'inconclusive', 'could not be read just now'],
    ['failing', { state: 'error' }, 'error', 'could not be evaluated'],
  ])('that is %s', (_, set, verdict, reason) => {
    expect(judge([{ ...calm, ...set }])).toMatchObject({ verdict, counts: verdict, reason })
  })

  test('takes missing data for fine only when the rule does', () => {
    expect(judge([{ ...calm, reading: 'missing' }], { isSilenceFine: true }).verdict).toBe('pass')
    expect(judge([], { isSilenceFine: true })).toMatchObject({ verdict: 'pass', labelSets: 0 })
    expect(judge([])).toMatchObject({ verdict: 'inconclusive', reason: 'sees no data' })
  })

  test('that cannot be evaluated is an error, but never hides what fires', () => {
    expect(judge([calm], { error: 'no store' })).toMatchObject({ verdict: 'error', reason: 'cannot be evaluated: no store' })
    expect(judge([firing], { error: 'no store' }).verdict).toBe('fail')
    expect(judge([calm], { isWaiting: true }).verdict).toBe('inconclusive')
  })

  test('that has no label set yet shows its own severity, no value and no samples', () => {
    expect(judge([], { lastEvaluationMs: null })).toMatchObject({
      ...{ severity: 'high', value: null, samples: null, windowMs: 0, alertIds: [], lastEvaluation: null },
    })
  })

  test('shows what was judged by the fewest samples, in whichever order they come', () => {
    const [few, many] = [
      { ...calm, samples: 7, countedMs: 60_000 },
      { ...calm, samples: 90 },
    ]
    for (const sets of [
      [few, many],
      [many, few],
    ])
      expect(judge(sets)).toMatchObject({ samples: 7, windowMs: 60_000 })
    expect(judge([{ ...unsure, samples: 1, countedMs: 60_000 }], { minSamples: 1 }).reason).toBe('too little to say, of 1 sample in 1m')
    expect(judge([{ ...unsure, samples: null }], { minSamples: 1 }).reason).toBe('too little to say')
  })

  test('names a hundred alerts at most', () => {
    const many = Array.from({ length: 150 }, (_, index) => ({ ...firing, alertId: `f${index}` }))
    expect(judge(many)).toMatchObject({ labelSets: 150, verdict: 'fail' })
    expect(judge(many).alertIds).toHaveLength(100)
  })

  test('is looked at for the labels of the deployment; what a label set does not say tells nothing apart', () => {
    const other = { ...firing, labels: { service: 'other' } }
    const host = { ...firing, labels: { host: 'web-1' } }
    expect([calm, other, host].map(({ labels }) => agrees(labels, { service: 'shop' }))).toEqual([true, false, true])
    const staging = { service: 'shop', environment: 'staging' }
    expect(agrees(staging, { service: 'shop', environment: 'production' })).toBe(false)
    expect(judge([], {}, { labels: { service: 'shop' } }).reason).toBe('sees no data of service=shop')
  })
})

describe('a muted rule', () => {
  test('is shown as muted with what it says underneath, also when that is fine', () => {
    expect(judge([muted(firing)])).toMatchObject({
      ...{ verdict: 'muted', counts: 'fail', underneath: 'fail', mutedBy: ['silence s1'] },
      reason: 'muted by silence s1; under that: firing for 3m: bad',
    })
    expect(judge([calm, muted(calm)])).toMatchObject({ verdict: 'muted', counts: 'pass', underneath: 'pass' })
  })

  test.each([
    ['judge', 'fail', 'pass'],
    ['pass', 'pass', 'pass'],
    ['fail', 'fail', 'fail'],
  ] as const)('with on_muted: %s counts as %s when it fires and as %s when it is fine', (onMuted, whenFiring, whenCalm) => {
    expect(judge([muted(firing)], {}, { onMuted })).toMatchObject({ verdict: 'muted', counts: whenFiring })
    expect(judge([muted(calm)], {}, { onMuted })).toMatchObject({ verdict: 'muted', counts: whenCalm })
  })

  test('says the worst of what is muted, and nothing of what is not', () => {
    const both = [muted(unsure), muted(firing)]
    for (const sets of [both, both.toReversed()])
      expect(judge(sets, {}, { onMuted: 'pass' })).toMatchObject({
        underneath: 'fail',
        reason: 'muted by silence s1; under that: firing for 3m: bad',
      })
    expect(judge([muted(calm)], { error: 'no store' }, { onMuted: 'fail' })).toMatchObject({ counts: 'fail', underneath: 'pass' })
  })

  test('does not hide what is not muted', () => {
    expect(judge([muted(firing), firing], {}, { onMuted: 'pass' })).toMatchObject({ verdict: 'fail', counts: 'fail' })
    expect(judge([muted(firing), unsure], {}, { onMuted: 'pass' })).toMatchObject({ verdict: 'inconclusive' })
    expect(judge([muted(unsure), firing])).toMatchObject({ verdict: 'fail', mutedBy: ['silence s1'] })
  })
})
