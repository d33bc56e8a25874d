import { matcherText, parseMatcher } from '../../alerts/routing/tree/matcher.ts'
import { operatorOf, stateOf, toSilenceMatcher } from '../../alerts/silences/silence.ts'
import type { SilenceView } from '../../contract/silences.ts'
import { AppError } from '../../lib/errors.ts'
import type { Silence, SilenceMatcher } from '../../model/silence.ts'

const toTime = (ms: number): string => new Date(ms).toISOString()

/** A silence as our own API tells it, its matchers as people write them. */
export function toSilenceView(silence: Silence, nowMs: number): SilenceView {
  return {
    id: silence.id,
    state: stateOf(silence, nowMs),
    matchers: silence.matchers.map((matcher) => matcherText({ label: matcher.name, operator: operatorOf(matcher), value: matcher.value })),
    startsAt: toTime(silence.startsAtMs),
    endsAt: toTime(silence.endsAtMs),
    updatedAt: toTime(silence.updatedAtMs),
    createdBy: silence.createdBy,
    comment: silence.comment,
    untilDeployment: silence.untilDeployment,
  }
}

export function parseMatchers(texts: readonly string[]): readonly SilenceMatcher[] {
  return texts.map((text) => {
    const matcher = parseMatcher(text)
    if (typeof matcher === 'string') throw new AppError('VALIDATION_FAILED', `${matcher}.`)
    return toSilenceMatcher(matcher)
  })
}
