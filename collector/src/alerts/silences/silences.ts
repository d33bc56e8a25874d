import type { Clock } from '../../lib/clock.ts'
import { AppError } from '../../lib/errors.ts'
import type { AuditLog } from '../../model/audit.ts'
import type { Tags } from '../../model/point.ts'
import type { Silence, SilenceRecords } from '../../model/silence.ts'
import type { Matcher } from '../routing/tree/matcher.ts'
import { canBecome, checkWish, type SilenceWish, stateOf, toMatchers } from './silence.ts'
import { createSilenceIndex } from './silence-index.ts'

export type SilencesOptions = {
  readonly records: SilenceRecords
  readonly audit: AuditLog
  readonly clock: Clock
  readonly newId: () => string
  /** As it is now: a reload may change it. */
  readonly longestMs: () => number
  /** Of those that have not ended. */
  readonly atOnceMax: () => number
  /** Told of each silence that began, changed or ended by a person's hand. */
  readonly onChange: (silence: Silence) => void
}

/** The silences there are. Every change is on disk and in the audit log before it is answered. */
export function createSilences({ records, audit, clock, newId, longestMs, atOnceMax, onChange }: SilencesOptions) {
  const known = new Map(records.silences().map((silence) => [silence.id, silence]))
  const tests = new WeakMap<Silence['matchers'], readonly Matcher[]>()
  const index = createSilenceIndex()
  for (const silence of known.values()) index.put(silence, testsOf(silence))

  function testsOf({ matchers }: Silence): readonly Matcher[] {
    // Texts are compared before expressions are tried: with many silences that is what a look at an alert costs.
    const found = tests.get(matchers) ?? toMatchers(matchers).toSorted((a, b) => costOf(a) - costOf(b))
    tests.set(matchers, found)
    return found
  }

  function keep(silences: readonly Silence[]): void {
    records.save(silences)
    for (const silence of silences) {
      known.set(silence.id, silence)
      index.put(silence, testsOf(silence))
    }
    for (const silence of silences) onChange(silence)
  }

  function get(id: string): Silence {
    const silence = known.get(id)
    if (!silence) throw new AppError('NOT_FOUND', `There is no silence ${id}; GET /api/v1/silences lists those there are.`)
    return silence
  }

  function log(action: string, actor: string, { id, matchers, comment, endsAtMs, untilDeployment }: Silence): void {
    audit.record({ atMs: clock.now(), actor, action, target: id, detail: { matchers, comment, endsAtMs, untilDeployment } })
  }

  /** A silence that did not begin leaves no time behind in which it seems to have been active. */
  function ended(silence: Silence): Silence {
    const nowMs = clock.now()
    return { ...silence, startsAtMs: Math.min(silence.startsAtMs, nowMs), endsAtMs: nowMs, updatedAtMs: nowMs }
  }

  function checkRoom(): void {
    const nowMs = clock.now()
    let open = 0
    for (const silence of known.values()) if (stateOf(silence, nowMs) !== 'expired') open++
    if (open < atOnceMax()) return
    const advice = 'End some that nobody needs, cover several with one, or raise silences.max_silences.'
    throw new AppError('CONFLICT', `There are ${open} silences already that are active or pending. ${advice}`)
  }

  return {
    list: (): readonly Silence[] => [...known.values()],
    get,
    testsOf,
    /** Makes a silence or changes one; what may not change in place ends, and a new one takes over. */
    set(wish: SilenceWish): Silence {
      const nowMs = clock.now()
      const before = wish.id === undefined ? undefined : get(wish.id)
      toMatchers(wish.matchers)
      checkWish(before ? { startsAtMs: before.startsAtMs, ...wish } : wish, nowMs, longestMs())
      const wished = toSilence(wish, before, nowMs)
      if (before && canBecome(before, wished, nowMs)) {
        log('silence.update', wish.createdBy, wished)
        keep([wished])
        return wished
      }
      checkRoom()
      const fresh = { ...wished, id: newId(), startsAtMs: Math.max(wished.startsAtMs, nowMs) }
      log('silence.create', wish.createdBy, fresh)
      keep([...(before && stateOf(before, nowMs) !== 'expired' ? [ended(before)] : []), fresh])
      return fresh
    },
    expire(id: string, actor: string): Silence {
      const silence = get(id)
      if (stateOf(silence, clock.now()) === 'expired') throw new AppError('CONFLICT', `Silence ${id} has expired already.`)
      const over = ended(silence)
      log('silence.expire', actor, over)
      keep([over])
      return over
    },
    /** Ends the silences that were to last as long as a deployment. */
    endWith(deploymentId: string): void {
      for (const silence of known.values()) {
        if (silence.untilDeployment !== deploymentId || stateOf(silence, clock.now()) === 'expired') continue
        const over = ended(silence)
        log('silence.expire', 'tidewatch', over)
        keep([over])
      }
    },
    /** The ids of the active silences that cover an alert. */
    silencedBy: (labels: Tags): readonly string[] => index.covering(labels, clock.now()),
    prune(beforeMs: number): void {
      records.prune(beforeMs)
      for (const { id, endsAtMs } of known.values()) {
        if (endsAtMs >= beforeMs) continue
        known.delete(id)
        index.delete(id)
      }
    },
  }
}

const costOf = ({ operator }: Matcher): number => (operator.endsWith('~') ? 1 : 0)

export type Silences = ReturnType<typeof createSilences>

function toSilence(wish: SilenceWish, before: Silence | undefined, nowMs: number): Silence {
  // What ended may have ended with its deployment.
  const deployment = before && stateOf(before, nowMs) !== 'expired' ? before.untilDeployment : null
  return {
    id: before?.id ?? '',
    matchers: wish.matchers.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
    startsAtMs: wish.startsAtMs ?? before?.startsAtMs ?? nowMs,
    endsAtMs: wish.endsAtMs,
    updatedAtMs: nowMs,
    createdBy: wish.createdBy,
    comment: wish.comment,
    annotations: wish.annotations ?? before?.annotations ?? {},
    untilDeployment: wish.untilDeployment ?? deployment,
  }
}
