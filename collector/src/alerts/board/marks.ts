import type { Clock } from '../../lib/clock.ts'
import { AppError } from '../../lib/errors.ts'
import type { Alert } from '../../model/alert.ts'
import type { AlertRecords } from '../../model/alert-records.ts'
import type { AuditLog } from '../../model/audit.ts'

export type MarkWish = {
  readonly actor: string
  readonly comment: string
  /** Null takes the mark back. */
  readonly useful: boolean | null
  /** Which episode; left out: the present one, or else the last. */
  readonly startsAtMs?: number
}

export type MarksOptions = {
  readonly records: AlertRecords
  readonly audit: AuditLog
  readonly clock: Clock
  readonly activeOf: (id: string) => Alert | undefined
}

/** What people thought of alerts: whether it was worth hearing of this one. Of each episode the last word counts. */
export function createMarks({ records, audit, clock, activeOf }: MarksOptions) {
  const load = () => new Map(records.marks().map(({ alertId, startsAtMs, useful }) => [keyOf(alertId, startsAtMs), useful]))
  let known = load()

  function episodeOf(id: string, startsAtMs: number | undefined): Alert {
    const active = activeOf(id)
    if (active && (startsAtMs === undefined || Date.parse(active.startsAt) === startsAtMs)) return active
    const ended = startsAtMs === undefined ? records.lastEpisode(id) : records.episode(id, startsAtMs)
    if (ended) return ended
    throw new AppError('NOT_FOUND', `There is no alert ${id} that began then; GET /api/v1/alerts?past=true lists those there are.`)
  }

  const marked = (alert: Alert): Alert => {
    if (known.size === 0) return alert
    const useful = known.get(keyOf(alert.id, Date.parse(alert.startsAt)))
    return useful === undefined ? alert : { ...alert, useful }
  }

  return {
    marked,
    async mark(id: string, { actor, comment, useful, startsAtMs }: MarkWish): Promise<Alert> {
      const episode = episodeOf(id, startsAtMs)
      if (episode.state === 'pending') {
        throw new AppError('CONFLICT', `Alert ${id} (${episode.rule}) has not fired yet, so nobody can say whether it was useful.`)
      }
      const beganMs = Date.parse(episode.startsAt)
      audit.record({
        atMs: clock.now(),
        actor,
        action: 'alert.mark',
        target: id,
        detail: { comment, useful, rule: episode.rule, startsAt: episode.startsAt },
      })
      records.mark({ alertId: id, startsAtMs: beganMs, useful, actor, comment, atMs: clock.now() })
      if (useful === null) known.delete(keyOf(id, beganMs))
      else known.set(keyOf(id, beganMs), useful)
      return marked(episode)
    },
    /** The records let go of old ones. */
    reload(): void {
      known = load()
    },
  }
}

function keyOf(alertId: string, startsAtMs: number): string {
  return `${alertId} ${startsAtMs}`
}
