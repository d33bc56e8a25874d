import type { Clock } from '../../../lib/clock.ts'
import type { Notifier } from '../../../model/alert.ts'
import { type Group, receiversOfGroup } from './group.ts'
import type { Groups } from './groups.ts'
import type { Knowledge } from './knowledge.ts'

export type TakingOptions = {
  readonly settings: () => { readonly receivers: ReadonlyMap<string, Notifier> }
  readonly clock: Clock
  readonly groups: Groups
  readonly knowledge: Knowledge
  /** Whether somebody has every alert of the group that fires. */
  readonly isTaken: (group: Group) => boolean
  readonly owe: (group: Group, receiver: string, demand: string) => void
}

const taken = 'acknowledged by '
export const takenBy = (actor: string): string => `${taken}${actor}`
export const notTaken = 'acknowledgement ended'
/** Whether a notification only says that somebody took the alerts. */
export const isTaking = (reason: string): boolean => reason.startsWith(taken)

/** A link takes the alerts of a group one after the other. */
const gatherMs = 1000

/**
 * Tells receivers that edit their messages who took the alerts of a group, and when nobody has them any
 * more: a message that calls for help, or says that it is on its way, must not be out of date.
 */
export function createTaking({ settings, clock, groups, knowledge, isTaken, owe }: TakingOptions) {
  const changed = new Map<Group, string>()
  /** Groups of which was told that somebody has them. */
  const told = new WeakSet<Group>()

  function tell(): void {
    for (const [group, reason] of changed) {
      if (isTaking(reason) ? !isTaken(group) : !told.delete(group)) continue
      if (isTaking(reason)) told.add(group)
      for (const receiver of receiversOfGroup(group)) {
        const hasMessage = knowledge.get(group.key, receiver)?.thread != null
        if (hasMessage && settings().receivers.get(receiver)?.hearsOfTaking) owe(group, receiver, reason)
      }
    }
    changed.clear()
  }

  /** Somebody took an alert, or has it no longer. */
  return (alertId: string, reason: string): void => {
    for (const group of groups.all()) {
      if (group.route.digest || !group.firing.has(alertId)) continue
      if (changed.size === 0) clock.after(gatherMs, tell)
      changed.set(group, reason)
    }
  }
}
