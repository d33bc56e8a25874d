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

/** A link takes the alerts of a group some at a time. */
const gatherMs = 1000

/**
 * Tells receivers that edit their messages who took the alerts of a group, and when nobody has them any
 * more: a message that calls for help, or says that it is on its way, must not be out of date.
 */
export function createTaking({ settings, clock, groups, knowledge, isTaken, owe }: TakingOptions) {
  const changed = new Map<Group, string>()

  function tell(): void {
    for (const [group, reason] of changed) {
      if (isTaking(reason) && !isTaken(group)) continue
      for (const receiver of receiversOfGroup(group)) {
        const entry = knowledge.get(group.key, receiver)
        const isNews = entry?.thread != null && (isTaking(reason) || entry.taken)
        if (isNews && settings().receivers.get(receiver)?.hearsOfTaking) owe(group, receiver, reason)
      }
    }
    changed.clear()
  }

  function plan(group: Group, reason: string): void {
    if (changed.size === 0) clock.after(gatherMs, tell)
    changed.set(group, reason)
  }

  return {
    /** Somebody took an alert, or has it no longer. */
    onTaking(alertId: string, reason: string): void {
      for (const group of groups.firing(alertId)) if (!group.route.digest) plan(group, reason)
    },
    /** What an earlier process said may have ended since, or in its last moment. */
    resume(): void {
      for (const { groupKey, taken } of knowledge.all()) {
        const group = taken ? groups.get(groupKey) : undefined
        if (group && !group.route.digest && group.firing.size > 0 && !isTaken(group)) plan(group, notTaken)
      }
    },
  }
}
