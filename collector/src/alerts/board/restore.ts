import type { AlertInstance, AlertRecords } from '../../model/alert-records.ts'
import { calm, moved } from '../rules/evaluation/advance.ts'
import type { Transition } from '../rules/evaluation/evaluate.ts'

const restorePendingForMs = 3_600_000

/** For how long nobody looked before now; a first start was never away. */
export function awayBefore(records: AlertRecords, nowMs: number): number {
  return Math.max(0, nowMs - (records.lastSeenMs() ?? nowMs))
}

/**
 * The instances that an earlier process left. The time away counts neither for `for` nor for
 * `keep_firing_for`, since nobody looked. After an absence of over an hour the pending ones are dropped:
 * nobody knows whether their condition held all the time.
 */
export function restoreInstances(records: AlertRecords, nowMs: number): readonly AlertInstance[] {
  const awayMs = awayBefore(records, nowMs)
  const isLongAway = records.lastSeenMs() === null || awayMs > restorePendingForMs
  const saved = records.instances()
  const dropped = new Set(isLongAway ? saved.filter(({ state }) => state === 'pending').map(({ id }) => id) : [])
  const restored = saved.filter(({ id }) => !dropped.has(id)).map((instance) => resumed(notAhead(instance, nowMs), awayMs))
  const changed = restored.filter((instance) => !saved.includes(instance))
  // Written down before anybody is seen again, or a second start would count the first absence after all.
  if (dropped.size > 0 || changed.length > 0) records.commit({ save: changed, remove: [...dropped], ended: [] })
  return restored
}

/** What lies ahead was written before the time was set back: it lasts for as long as it did then. */
function notAhead(instance: AlertInstance, nowMs: number): AlertInstance {
  const { firedAtMs, activeSinceMs, recoveringSinceMs, missingSinceMs } = instance
  const aheadMs = Math.max(firedAtMs ?? 0, activeSinceMs ?? 0, recoveringSinceMs ?? 0, missingSinceMs ?? 0) - nowMs
  return aheadMs > 0 ? moved(instance, -aheadMs) : instance
}

/** When a firing one began stays what it was. */
function resumed(instance: AlertInstance, awayMs: number): AlertInstance {
  const { firedAtMs, activeSinceMs, recoveringSinceMs, missingSinceMs } = instance
  const counting = [firedAtMs === null ? activeSinceMs : null, recoveringSinceMs, missingSinceMs]
  if (awayMs === 0 || counting.every((sinceMs) => sinceMs === null)) return instance
  const later = moved(instance, awayMs)
  return firedAtMs === null ? later : { ...later, activeSinceMs }
}

/** An instance ends at once, whatever its condition says. */
export function toEnd(before: AlertInstance): Transition {
  return { from: before.state, to: 'ok', before, instance: { ...before, ...calm } }
}
