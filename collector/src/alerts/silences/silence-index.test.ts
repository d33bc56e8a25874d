import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { Tags } from '../../model/point.ts'
import type { Silence, SilenceMatcher } from '../../model/silence.ts'
import { allMatch } from '../routing/tree/matcher.ts'
import { stateOf, toMatchers } from './silence.ts'
import { createSilenceIndex } from './silence-index.ts'

const label = fc.constantFrom('alertname', 'host', 'zone')
const text = fc.constantFrom('a', 'b', 'web-1', 'web-1.de')
const expression = fc.constantFrom(
  'a|b',
  '(a|b)',
  '(?:b)',
  'web-1\\.de',
  'web-1.de',
  'a.*',
  '.+',
  '(?i)A',
  'a|',
  '|',
  '[ab]',
  '(a|b)(c|)',
  '\\d',
)
const matcher: fc.Arbitrary<SilenceMatcher> = fc.oneof(
  fc.record({ name: label, value: fc.oneof(text, fc.constant('')), isRegex: fc.constant(false), isEqual: fc.boolean() }),
  fc.record({ name: label, value: expression, isRegex: fc.constant(true), isEqual: fc.boolean() }),
)
/** What a desk would refuse, one that everything passes, is no less right here. */
const matchers = fc.array(matcher, { minLength: 1, maxLength: 3 }).filter((given) => {
  try {
    return toMatchers(given).length > 0
  } catch {
    return false
  }
})
const minutes = fc.integer({ min: 0, max: 12 }).map((count) => count * 20_000)

type Step =
  | { readonly put: { readonly id: string; readonly matchers: readonly SilenceMatcher[]; readonly fromMs: number; readonly forMs: number } }
  | { readonly drop: string }
  | { readonly change: string; readonly forMs: number }
  /** Time goes on, or is set back. */
  | { readonly passMs: number }
  | { readonly look: number }

const id = fc.constantFrom('s1', 's2', 's3', 's4', 's5', 's6')
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ put: fc.record({ id, matchers, fromMs: minutes, forMs: minutes }) }) },
  { weight: 1, arbitrary: fc.record({ drop: id }) },
  { weight: 2, arbitrary: fc.record({ change: id, forMs: minutes }) },
  { weight: 3, arbitrary: fc.record({ passMs: fc.integer({ min: -15, max: 15 }).map((count) => count * 20_000) }) },
  { weight: 6, arbitrary: fc.record({ look: fc.nat({ max: 3 }) }) },
)
const alert = fc.dictionary(label, fc.oneof(text, fc.constant('A')), { noNullPrototype: true })

/** As it was before there was an index: every silence is tried. */
function createPlainLoop() {
  const known = new Map<string, Silence>()
  return {
    known,
    covering: (labels: Tags, nowMs: number) =>
      [...known.values()].flatMap((one) =>
        stateOf(one, nowMs) === 'active' && allMatch(toMatchers(one.matchers), labels) ? [one.id] : [],
      ),
  }
}

const aSilence = (given: Pick<Silence, 'id' | 'matchers' | 'startsAtMs' | 'endsAtMs'>): Silence => ({
  ...{ updatedAtMs: 0, createdBy: 'jane', comment: 'known', annotations: {}, untilDeployment: null },
  ...given,
})
const host = (value: string, isRegex = false) => ({ name: 'host', value, isRegex, isEqual: true })

test('finds for any alert at any time what trying every silence finds, whatever is made, changed and dropped meanwhile', () => {
  fc.assert(
    fc.property(fc.array(alert, { minLength: 4, maxLength: 4 }), fc.array(step, { maxLength: 60, size: 'max' }), (alerts, steps) => {
      const [index, plain] = [createSilenceIndex(), createPlainLoop()]
      let nowMs = 1_000_000
      const put = (silence: Silence) => {
        plain.known.set(silence.id, silence)
        index.put(silence, toMatchers(silence.matchers))
      }
      for (const one of steps) {
        if ('put' in one) {
          const startsAtMs = nowMs - 60_000 + one.put.fromMs
          put(aSilence({ id: one.put.id, matchers: one.put.matchers, startsAtMs, endsAtMs: startsAtMs + one.put.forMs }))
        } else if ('drop' in one) {
          plain.known.delete(one.drop)
          index.delete(one.drop)
        } else if ('change' in one) {
          const before = plain.known.get(one.change)
          if (before) put({ ...before, endsAtMs: nowMs - 60_000 + one.forMs })
        } else if ('passMs' in one) nowMs += one.passMs
        else {
          const labels = alerts[one.look] ?? {}
          expect(index.covering(labels, nowMs)).toEqual(plain.covering(labels, nowMs))
        }
      }
      for (const labels of alerts) expect(index.covering(labels, nowMs)).toEqual(plain.covering(labels, nowMs))
    }),
    { numRuns: 400, seed: 7 },
  )
})

describe('a look at an alert', () => {
  /** An index of many silences whose tests are counted. */
  function setup(count: number, matcherOf: (index: number) => SilenceMatcher) {
    const index = createSilenceIndex()
    let tried = 0
    const put = (number: number) => {
      const silence = aSilence({ id: `s${number}`, matchers: [matcherOf(number)], startsAtMs: 0, endsAtMs: 3_600_000 })
      const counted = toMatchers(silence.matchers).map((one) => ({
        ...one,
        matches: (labels: Tags) => {
          tried++
          return one.matches(labels)
        },
      }))
      index.put(silence, counted)
    }
    for (let number = 0; number < count; number++) put(number)
    const triedBy = (labels: Tags) => {
      tried = 0
      return { found: index.covering(labels, 1000), tried }
    }
    return { put, triedBy }
  }

  it('tries the silences of its own values alone, also where an expression names them', () => {
    const { triedBy } = setup(1000, (number) => (number % 2 ? host(`h${number}`) : host(`h${number}|x${number}`, true)))
    expect(triedBy({ host: 'h7' })).toEqual({ found: ['s7'], tried: 1 })
    expect(triedBy({ host: 'x8' })).toEqual({ found: ['s8'], tried: 1 })
    expect(triedBy({ zone: 'a' })).toEqual({ found: [], tried: 0 })
  })

  it('tries what only an expression describes once, and later only what came since', () => {
    const { put, triedBy } = setup(1000, (number) => host(`.*h${number}.*`, true))
    const labels = { host: 'h500' }
    expect(triedBy(labels)).toEqual({ found: ['s5', 's50', 's500'], tried: 1000 })
    expect(triedBy(labels)).toEqual({ found: ['s5', 's50', 's500'], tried: 0 })
    put(1001)
    expect(triedBy(labels)).toEqual({ found: ['s5', 's50', 's500'], tried: 1 })
  })

  it('tries of the expressions those alone that begin as its values do', () => {
    const { triedBy } = setup(1000, (number) => host(`h${number}|h${number}-(a|b)`, true))
    expect(triedBy({ host: 'h7' })).toEqual({ found: ['s7'], tried: 1 })
    expect(triedBy({ host: 'h500-b' })).toEqual({ found: ['s500'], tried: 3 })
    expect(triedBy({ zone: 'h7' })).toEqual({ found: [], tried: 0 })
  })
})
