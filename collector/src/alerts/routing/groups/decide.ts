import type { NotifyEntry, ToldAlert } from '../../../model/alert-records.ts'
import { isMoreSevere } from '../../severity.ts'

export type NotifyReason =
  | 'first notification'
  | 'new alerts added'
  | 'all alerts resolved'
  | 'some alerts resolved'
  | 'repeat interval elapsed'
  | 'flapping started'
  | 'flapping stopped'

export type GroupNow = {
  readonly firing: ReadonlyMap<string, ToldAlert>
  readonly resolved: readonly string[]
  /** Those of the firing ones that come and go. */
  readonly flapping: ReadonlySet<string>
  /** Every firing alert is acknowledged: nobody needs to be told again. */
  readonly isAcknowledged: boolean
}

/**
 * Whether a receiver is owed a notification of a group, and why: Alertmanager's table
 * (notify/dedup_stage.go), first match wins; nothing is owed of a group whose alerts are all kept from it. Four additions: an alert that flaps is told of
 * when that starts and stops, and not between; an alert that became more severe is new; so is one that ended and began
 * anew since it was told, unless nobody could hear of that; and what a receiver may have been told in a try without an answer is told to be over.
 */
export function decide(
  entry: NotifyEntry | undefined,
  group: GroupNow,
  settings: { readonly sendResolved: boolean; readonly repeatIntervalMs: number },
  /** How long ago the receiver was last told; null: never. */
  sinceToldMs: number | null,
): NotifyReason | null {
  const isFiring = group.firing.size > 0
  if (!isFiring && group.resolved.length === 0) return null
  const isAllFlapping = [...group.firing.keys()].every((id) => group.flapping.has(id))
  if (!entry) return isFiring ? (isAllFlapping ? 'flapping started' : 'first notification') : null
  const hadFiring = Object.keys(entry.firing).length > 0
  const news = newsOf(entry, group)
  if (news.some((id) => !group.flapping.has(id))) return hadFiring ? 'new alerts added' : 'first notification'
  if (news.length > 0 || [...group.flapping].some((id) => !entry.flapping.includes(id))) return 'flapping started'
  if (!isFiring) return hadFiring || entry.unsure.length > 0 ? 'all alerts resolved' : null
  if (settings.sendResolved && group.resolved.some((id) => !entry.resolved.includes(id))) return 'some alerts resolved'
  if (entry.flapping.some((id) => group.firing.has(id) && !group.flapping.has(id))) return 'flapping stopped'
  const isDue = sinceToldMs !== null && sinceToldMs >= settings.repeatIntervalMs
  return isDue && !group.isAcknowledged && !isAllFlapping ? 'repeat interval elapsed' : null
}

/** What fires and was not told, or not as that severe, or of another episode. Whoever was told that it comes and goes knows of its episodes. */
function newsOf(entry: NotifyEntry, { firing, flapping }: GroupNow): readonly string[] {
  return [...firing].flatMap(([id, now]) => {
    const told = entry.firing[id]
    if (told === undefined || isMoreSevere(now.severity, told.severity)) return [id]
    const isSteady = !flapping.has(id) && !entry.flapping.includes(id)
    return isSteady && isOtherEpisode(told, now) ? [id] : []
  })
}

/**
 * Whether an alert ended and began anew since it was told. Its receiver may have heard of the end, in a try whose answer was
 * lost with the process, or was kept from hearing of it by a silence: in either case the new beginning is news.
 */
export function isOtherEpisode(told: ToldAlert, now: { readonly startsAt: string | null }): boolean {
  return told.startsAt !== null && told.startsAt !== now.startsAt
}
