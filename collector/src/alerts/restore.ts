import type { AlertInstance, AlertRecords } from '../model/alert-records.ts'
import { calm } from './rules/advance.ts'
import type { Transition } from './rules/evaluate.ts'

const restorePendingForMs = 3_600_000

/**
 * The instances that an earlier process left. After an absence of over an hour the pending ones are
 * dropped: nobody knows whether their condition held all the time.
 */
export function restoreInstances(records: AlertRecords, nowMs: number): readonly AlertInstance[] {
  const lastSeenMs = records.lastSeenMs()
  const saved = records.instances()
  if (lastSeenMs !== null && nowMs - lastSeenMs <= restorePendingForMs) return saved
  const dropped = saved.filter(({ state }) => state === 'pending').map(({ id }) => id)
  if (dropped.length > 0) records.commit({ save: [], remove: dropped, ended: [] })
  return saved.filter(({ id }) => !dropped.includes(id))
}

/** An instance ends at once, whatever its condition says. */
export function toEnd(before: AlertInstance): Transition {
  return { from: before.state, to: 'ok', before, instance: { ...before, ...calm } }
}
