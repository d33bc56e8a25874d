import type { Clock } from '../../../lib/clock.ts'
import type { Group } from './group.ts'

/** The groups that exist, and the time when each is next due. */
export function createGroups(clock: Clock, onDue: (group: Group) => void) {
  const groups = new Map<string, Group & { readonly firing: Set<string> }>()
  /** The groups in which an alert fires. */
  const places = new Map<string, Set<Group>>()
  /** Those that need not wait for their timer. */
  const dueNow = new Set<Group>()
  let isOpen = false
  let isStopped = false

  function schedule(group: Group, delayMs: number): void {
    unschedule(group)
    group.dueAtMs = clock.monotonic() + Math.max(0, delayMs)
    group.cancelTimer = clock.after(Math.max(0, delayMs), () => {
      dueNow.delete(group)
      if (!isStopped) onDue(group)
    })
    if (delayMs <= 0) dueNow.add(group)
  }

  function unschedule(group: Group): void {
    group.cancelTimer()
    dueNow.delete(group)
  }

  function leave({ key }: Group, alertId: string): void {
    const group = groups.get(key)
    const others = places.get(alertId)
    if (!group?.firing.delete(alertId) || !others) return
    others.delete(group)
    if (others.size === 0) places.delete(alertId)
  }

  return {
    get: (key: string): Group | undefined => groups.get(key),
    all: (): Iterable<Group> => groups.values(),
    /** Those in which an alert fires. */
    firing: (alertId: string): readonly Group[] => [...(places.get(alertId) ?? [])],
    /** An alert fires in a group. */
    join({ key }: Group, alertId: string): void {
      const group = groups.get(key)
      if (!group) return
      group.firing.add(alertId)
      places.set(alertId, (places.get(alertId) ?? new Set()).add(group))
    },
    leave,
    schedule,
    /** Due no later than that. */
    hasten(group: Group, delayMs: number): void {
      if (clock.monotonic() + delayMs < group.dueAtMs) schedule(group, delayMs)
    },
    /** Due when it is scheduled. */
    add(key: string, labels: Group['labels'], route: Group['route']): Group {
      const group = {
        key,
        labels,
        route,
        firing: new Set<string>(),
        resolved: new Map(),
        unseenEnds: new Map(),
        owedTheEnd: new Set<string>(),
        hasFlushed: false,
        dueAtMs: Number.POSITIVE_INFINITY,
        cancelTimer: () => {},
      }
      groups.set(key, group)
      return group
    },
    remove(group: Group): void {
      unschedule(group)
      for (const id of [...group.firing]) leave(group, id)
      groups.delete(group.key)
    },
    /** What an earlier process queued is known from now on: before, it might be queued a second time. */
    open(): void {
      isOpen = true
    },
    /** Does at once what is due now, and would be done by its timer. */
    flushDue(): void {
      if (!isOpen || isStopped) return
      for (const group of [...dueNow]) {
        unschedule(group)
        onDue(group)
      }
    },
    stop(): void {
      isStopped = true
      for (const group of groups.values()) group.cancelTimer()
    },
  }
}

export type Groups = ReturnType<typeof createGroups>
