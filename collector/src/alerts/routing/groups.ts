import type { Clock } from '../../lib/clock.ts'
import type { Group } from './group.ts'

/** The groups that exist, and the time when each is next due. */
export function createGroups(clock: Clock, onDue: (group: Group) => void) {
  const groups = new Map<string, Group>()
  let isStopped = false

  function schedule(group: Group, delayMs: number): void {
    group.cancelTimer()
    group.dueAtMs = clock.monotonic() + Math.max(0, delayMs)
    group.cancelTimer = clock.after(Math.max(0, delayMs), () => {
      if (!isStopped) onDue(group)
    })
  }

  return {
    get: (key: string): Group | undefined => groups.get(key),
    all: (): Iterable<Group> => groups.values(),
    schedule,
    /** Due no later than that. */
    hasten(group: Group, delayMs: number): void {
      if (clock.monotonic() + delayMs < group.dueAtMs) schedule(group, delayMs)
    },
    add(key: string, labels: Group['labels'], route: Group['route']): Group {
      const group: Group = {
        key,
        labels,
        route,
        firing: new Set(),
        resolved: new Map(),
        escalatedTo: new Set(),
        hasFlushed: false,
        dueAtMs: Number.POSITIVE_INFINITY,
        cancelTimer: () => {},
      }
      groups.set(key, group)
      schedule(group, route.groupWaitMs)
      return group
    },
    remove(group: Group): void {
      group.cancelTimer()
      groups.delete(group.key)
    },
    stop(): void {
      isStopped = true
      for (const group of groups.values()) group.cancelTimer()
    },
  }
}

export type Groups = ReturnType<typeof createGroups>
