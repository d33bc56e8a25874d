import type { Clock } from '../../../lib/clock.ts'
import type { QueuedNotification } from '../../../model/alert-records.ts'
import { createLanes } from './lanes.ts'

export type WaitingOptions = {
  readonly clock: Clock
  /** Makes one try; called again only after another `hold`. */
  readonly attempt: (item: QueuedNotification) => Promise<void>
}

/** Tries at once by one receiver. */
const laneWidth = 4
/** No receiver is asked less often than this. */
const longestMs = 3_600_000

/** Keeps what is owed until its time comes, and until its receiver wants to be asked again. */
export function createWaiting({ clock, attempt }: WaitingOptions) {
  const owed = new Map<string, QueuedNotification>()
  const notBefore = new Map<string, number>()
  const lanes = createLanes(laneWidth)
  let isStopped = false

  /** Whether its try has begun already. */
  function hold(item: QueuedNotification, isUrgent = false): boolean {
    owed.set(keyOf(item.groupKey, item.receiver), item)
    // A clock that was set back must not make it wait for the time to come round again.
    const untilDueMs = Math.min(item.nextTryAtMs - clock.now(), longestMs)
    return rest(item, Math.max(untilDueMs, aloneMs(item.receiver)), isUrgent)
  }

  function rest(item: QueuedNotification, waitMs: number, isUrgent: boolean): boolean {
    if (waitMs <= 0) return enter(item, isUrgent)
    clock.after(waitMs, () => enter(item, isUrgent))
    return false
  }

  /** How long a receiver is to be left alone yet. */
  const aloneMs = (receiver: string) => (notBefore.get(receiver) ?? Number.NEGATIVE_INFINITY) - clock.monotonic()

  function enter(item: QueuedNotification, isUrgent: boolean): boolean {
    let hasBegun = false
    const work = async () => {
      if (isStopped) return
      const waitMs = aloneMs(item.receiver)
      hasBegun = waitMs <= 0
      if (hasBegun) await attempt(item)
      else rest(item, waitMs, isUrgent)
    }
    lanes.run(item.receiver, work, isUrgent)
    return hasBegun
  }

  return {
    hold,
    has: (groupKey: string, receiver: string): boolean => owed.has(keyOf(groupKey, receiver)),
    release: (item: QueuedNotification): boolean => owed.delete(keyOf(item.groupKey, item.receiver)),
    /** A receiver that has too much to do is left alone, whatever else is owed to it. */
    leaveAlone(receiver: string, forMs: number): void {
      notBefore.set(receiver, clock.monotonic() + forMs)
    },
    async stop(): Promise<void> {
      isStopped = true
      await lanes.idle()
    },
  }
}

function keyOf(groupKey: string, receiver: string): string {
  return `${groupKey} ${receiver}`
}
