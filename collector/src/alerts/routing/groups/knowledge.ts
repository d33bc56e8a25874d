import { type Clock, createEarlierTimes } from '../../../lib/clock.ts'
import type { NotificationRecords, NotifyEntry, ToldAlert } from '../../../model/alert-records.ts'
import type { Group } from './group.ts'

/** What each receiver knows of each group: the notification log in memory, loaded once. */
export function createKnowledge(records: NotificationRecords, clock: Clock) {
  const entries = new Map(records.entries().map((entry) => [keyOf(entry.groupKey, entry.receiver), entry]))
  const toMonotonic = createEarlierTimes(clock)
  /** When each entry was last told of, by the clock that only ever goes on. */
  const told = new Map([...entries].flatMap(([key, { sentAtMs }]) => (sentAtMs === null ? [] : [[key, toMonotonic(sentAtMs)] as const])))
  return {
    get: (groupKey: string, receiver: string): NotifyEntry | undefined => entries.get(keyOf(groupKey, receiver)),
    all: (): readonly NotifyEntry[] => [...entries.values()],
    /** The caller writes the entry to the records, together with what else belongs to that step. */
    set(entry: NotifyEntry): NotifyEntry {
      const key = keyOf(entry.groupKey, entry.receiver)
      if (entry.sentAtMs !== null && entry.sentAtMs !== entries.get(key)?.sentAtMs) told.set(key, clock.monotonic())
      entries.set(key, entry)
      return entry
    },
    forget(groupKey: string, receiver: string): void {
      told.delete(keyOf(groupKey, receiver))
      if (entries.delete(keyOf(groupKey, receiver))) records.commit({ removeEntry: { groupKey, receiver } })
    },
    /** How long ago the receiver was last told of the group; null: never. */
    sinceToldMs(groupKey: string, receiver: string): number | null {
      const atMs = told.get(keyOf(groupKey, receiver))
      return atMs === undefined ? null : clock.monotonic() - atMs
    },
    /** Whether the receiver still believes, or may believe, that the alert fires. */
    believesFiring(groupKey: string, receiver: string, alertId: string): boolean {
      const entry = entries.get(keyOf(groupKey, receiver))
      return entry !== undefined && (entry.firing[alertId] !== undefined || entry.unsure.includes(alertId))
    },
  }
}

export type Knowledge = ReturnType<typeof createKnowledge>

/** What one try tells. */
export type Tried = { readonly firing: Iterable<string>; readonly taken: boolean }

/** What a receiver knows of a group that it was told nothing of. */
export function nothingTold({ key, labels }: Pick<Group, 'key' | 'labels'>, receiver: string): NotifyEntry {
  return {
    groupKey: key,
    receiver,
    groupLabels: labels,
    firing: {},
    resolved: [],
    unsure: [],
    flapping: [],
    sentAtMs: null,
    thread: null,
    taken: false,
  }
}

/** Before a try: the receiver may know of this from now on, whatever answer we get. */
export function withTry(entry: NotifyEntry | undefined, group: Group, receiver: string, { firing, taken }: Tried): NotifyEntry {
  const before = entry ?? nothingTold(group, receiver)
  return { ...before, taken: before.taken || taken, unsure: [...new Set([...before.unsure, ...firing])] }
}

/** Another episode of an alert, which for the receiver is the one it knows. */
export function withEpisode(entry: NotifyEntry, id: string, told: ToldAlert): NotifyEntry {
  return { ...entry, firing: { ...entry.firing, [id]: told } }
}

/** After a try that was taken. What it knew of alerts that are kept from it now stays unsettled, so that it hears of their end. */
export function withSuccess(
  entry: NotifyEntry,
  told: {
    readonly firing: ReadonlyMap<string, ToldAlert>
    readonly resolved: readonly string[]
    readonly held: ReadonlySet<string>
    readonly flapping: readonly string[]
    readonly taken: boolean
  },
  { nowMs, thread }: { readonly nowMs: number; readonly thread?: string | undefined },
): NotifyEntry {
  const unsure = [...new Set([...Object.keys(entry.firing), ...entry.unsure])].filter((id) => told.held.has(id))
  return {
    ...entry,
    firing: Object.fromEntries(told.firing),
    resolved: told.resolved,
    flapping: told.flapping,
    taken: told.taken,
    unsure,
    sentAtMs: nowMs,
    // What is over is told; a new outage of the same group deserves a message that people see.
    thread: told.firing.size === 0 ? null : (thread ?? entry.thread),
  }
}

function keyOf(groupKey: string, receiver: string): string {
  return `${groupKey} ${receiver}`
}
