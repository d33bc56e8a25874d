import type { Clock } from '../../../lib/clock.ts'
import type { NotificationRecords } from '../../../model/alert-records.ts'

export type SharedWritesOptions = {
  readonly records: NotificationRecords
  /** Writes what is written meanwhile as one. */
  readonly transaction: (work: () => void) => void
  readonly clock: Clock
}

/** Records whose changes are written a little later, in the order in which they were committed. */
export type SharedWrites = NotificationRecords & {
  /** Resolves when all that was committed so far is written. */
  written(): Promise<void>
  /** Writes what waits; within a transaction, as a part of it. */
  flush(): void
}

type Change = Parameters<NotificationRecords['commit']>[0]

/** What nobody waits for is written within this time. A process that dies meanwhile tells once more, with the same key. */
const latestMs = 50

/**
 * Lets writes share a wait for the disk. In a storm a hundred messages end at nearly the same time, and
 * each has two: that it is tried, which must be known before, and what became of it, which has time.
 */
export function createSharedWrites({ records, transaction, clock }: SharedWritesOptions): SharedWrites {
  let waiting: Change[] = []
  let told = Promise.withResolvers<void>()
  let dueMs = Number.POSITIVE_INFINITY
  let cancel = () => {}

  function plan(delayMs: number): void {
    const atMs = clock.monotonic() + delayMs
    if (atMs >= dueMs) return
    cancel()
    dueMs = atMs
    cancel = clock.after(delayMs, flush)
  }

  function flush(): void {
    cancel()
    dueMs = Number.POSITIVE_INFINITY
    const [changes, { resolve }] = [waiting, told]
    waiting = []
    told = Promise.withResolvers()
    if (changes.length > 0)
      transaction(() => {
        for (const change of changes) records.commit(change)
      })
    resolve()
  }

  /** What is read is as it was committed. */
  function first<Given extends readonly unknown[], Result>(read: (...given: Given) => Result): (...given: Given) => Result {
    return (...given) => {
      if (waiting.length > 0) flush()
      return read(...given)
    }
  }

  return {
    commit(change) {
      waiting.push(change)
      plan(latestMs)
    },
    written() {
      plan(0)
      return told.promise
    },
    flush,
    entries: first(records.entries),
    queue: first(records.queue),
    escalations: first(records.escalations),
    deliveries: first(records.deliveries),
  }
}
