import type { Tags } from '../../../model/point.ts'
import type { Past, Rule } from '../definition/rule.ts'
import type { NeedView, SeriesKind } from '../definition/rule-kind.ts'
import type { PastAnswer, PastQueries } from '../samples/past.ts'
import type { Failure } from './self-rule.ts'

export type AnswerOptions = {
  readonly rule: Rule
  readonly kind: SeriesKind
  readonly past: PastQueries | undefined
  readonly onAnswer: () => void
}

/** What the store answered to one rule's questions; asked by the clock, and read as often as samples come. */
export function createAnswers({ rule, kind, past, onAnswer }: AnswerOptions) {
  const { groupBy } = kind.inputs(rule.options)
  let answers: ReadonlyMap<string, PastAnswer> = new Map()

  return {
    /** Why the rule cannot be evaluated now, if it cannot. */
    renew(view: NeedView): { readonly failure: Failure } | { readonly waiting: true } | undefined {
      const needs = kind.needs?.(rule, view) ?? []
      const none: PastAnswer = { state: 'failed', error: 'there is no store to ask' }
      answers = new Map(needs.map((need) => [need.name, past?.get(need, groupBy, onAnswer) ?? none]))
      const all = [...answers.values()]
      const failed = all.find((answer) => answer.state === 'failed')
      if (failed?.state === 'failed') return { failure: { source: 'store', error: failed.error } }
      return all.some(({ state }) => state === 'loading') ? { waiting: true } : undefined
    },
    of(name: string, tags: Tags): Past | undefined {
      const answer = answers.get(name)
      return answer?.state === 'ready' ? answer.of(tags) : undefined
    },
  }
}
