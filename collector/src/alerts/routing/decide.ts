import type { Severity } from '../../model/alert.ts'
import type { NotifyEntry } from '../../model/alert-records.ts'
import { isMoreSevere } from '../severity.ts'

export type NotifyReason =
  | 'first notification'
  | 'new alerts added'
  | 'all alerts resolved'
  | 'some alerts resolved'
  | 'repeat interval elapsed'

export type GroupNow = {
  readonly firing: ReadonlyMap<string, Severity>
  readonly resolved: readonly string[]
  /** Every firing alert is acknowledged: nobody needs to be told again. */
  readonly isAcknowledged: boolean
}

/**
 * Whether a receiver is owed a notification of a group, and why: Alertmanager's table
 * (notify/dedup_stage.go), first match wins; nothing is owed of a group whose alerts are all kept from it. Two additions: an alert that became more severe is
 * new, and what a receiver may have been told in a try without an answer is told to be over.
 */
export function decide(
  entry: NotifyEntry | undefined,
  group: GroupNow,
  settings: { readonly sendResolved: boolean; readonly repeatIntervalMs: number },
  nowMs: number,
): NotifyReason | null {
  const isFiring = group.firing.size > 0
  if (!isFiring && group.resolved.length === 0) return null
  if (!entry) return isFiring ? 'first notification' : null
  const hadFiring = Object.keys(entry.firing).length > 0
  if (isFiring && hasNews(entry, group.firing)) return hadFiring ? 'new alerts added' : 'first notification'
  if (!isFiring) return hadFiring || entry.unsure.length > 0 ? 'all alerts resolved' : null
  if (settings.sendResolved && group.resolved.some((id) => !entry.resolved.includes(id))) return 'some alerts resolved'
  const isDue = entry.sentAtMs !== null && nowMs - entry.sentAtMs >= settings.repeatIntervalMs
  return isDue && !group.isAcknowledged ? 'repeat interval elapsed' : null
}

function hasNews(entry: NotifyEntry, firing: ReadonlyMap<string, Severity>): boolean {
  for (const [id, severity] of firing) {
    const told = entry.firing[id]
    if (told === undefined || isMoreSevere(severity, told)) return true
  }
  return false
}
