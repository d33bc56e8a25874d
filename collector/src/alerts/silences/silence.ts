import { AppError } from '../../lib/errors.ts'
import { counted } from '../../lib/words.ts'
import type { Silence, SilenceMatcher, SilenceState } from '../../model/silence.ts'
import { createMatcher, type Matcher, type MatcherOperator } from '../routing/tree/matcher.ts'

/** What a person asks for. With an id, a change of that silence. */
export type SilenceWish = {
  readonly id?: string
  readonly matchers: readonly SilenceMatcher[]
  /** Left out: now. */
  readonly startsAtMs?: number
  readonly endsAtMs: number
  readonly createdBy: string
  readonly comment: string
  readonly annotations?: Readonly<Record<string, string>>
  readonly untilDeployment?: string
}

export function stateOf({ startsAtMs, endsAtMs }: Pick<Silence, 'startsAtMs' | 'endsAtMs'>, nowMs: number): SilenceState {
  if (nowMs < startsAtMs) return 'pending'
  return nowMs < endsAtMs ? 'active' : 'expired'
}

/**
 * Whether a silence may take a change and stay the same one: an active one its end and its comment,
 * a pending one its start too, an expired one nothing. Clients cut off milliseconds, hence whole seconds.
 */
export function canBecome(before: Silence, wish: Silence, nowMs: number): boolean {
  if (textOf(before.matchers) !== textOf(wish.matchers)) return false
  switch (stateOf(before, nowMs)) {
    case 'active':
      return Math.floor(wish.startsAtMs / 1000) === Math.floor(before.startsAtMs / 1000)
    case 'pending':
      return wish.startsAtMs >= nowMs
    case 'expired':
      return false
  }
}

/** In whatever order they are told. */
function textOf(matchers: readonly SilenceMatcher[]): string {
  const texts = matchers.map((one) => JSON.stringify([one.name, operatorOf(one), one.value]))
  return texts.sort().join()
}

export function operatorOf({ isRegex, isEqual }: Pick<SilenceMatcher, 'isRegex' | 'isEqual'>): MatcherOperator {
  if (isRegex) return isEqual ? '=~' : '!~'
  return isEqual ? '=' : '!='
}

export function toSilenceMatcher({ label, operator, value }: Matcher): SilenceMatcher {
  return { name: label, value, isRegex: operator.endsWith('~'), isEqual: operator.startsWith('=') }
}

/** The tests of a silence; throws on one that cannot be read, and when all of them match an alert without labels. */
export function toMatchers(given: readonly SilenceMatcher[]): readonly Matcher[] {
  const matchers = given.map((one) => {
    const matcher = createMatcher(one.name, operatorOf(one), one.value)
    if (typeof matcher === 'string') throw invalid(`the matcher on "${one.name}" is not valid: ${matcher}`)
    return matcher
  })
  if (matchers.length === 0) throw invalid('give at least one matcher, such as service="checkout"')
  if (matchers.every((matcher) => matcher.matches({}))) {
    throw invalid('at least one matcher must not match the empty text, or the silence would cover every alert')
  }
  return matchers
}

/** Refuses what has no owner, no reason or no near end. */
export function checkWish(wish: SilenceWish, nowMs: number, longestMs: number): void {
  const startsAtMs = Math.max(wish.startsAtMs ?? nowMs, nowMs)
  if (wish.createdBy.trim() === '') throw invalid('createdBy must say who answers for the silence')
  if (wish.comment.trim() === '') throw invalid('comment must say why')
  if (wish.endsAtMs <= nowMs) throw invalid('endsAt lies in the past')
  if (wish.endsAtMs <= startsAtMs) throw invalid('endsAt must come after startsAt')
  if (wish.endsAtMs - startsAtMs > longestMs) {
    const days = Math.round((longestMs / 86_400_000) * 10) / 10
    throw invalid(`it may last ${counted(days, 'day')} at most; end it sooner, or raise silences.max_duration`)
  }
}

function invalid(reason: string): AppError {
  return new AppError('VALIDATION_FAILED', `The silence is refused: ${reason}.`)
}
