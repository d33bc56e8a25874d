import type { Clock } from '../../lib/clock.ts'
import { AppError, messageOf } from '../../lib/errors.ts'
import type { Log } from '../../lib/log.ts'
import type { Batch } from '../../model/batch.ts'
import type { Store } from '../../model/store.ts'
import { delayAfter } from './backoff.ts'
import type { Quarantine } from './quarantine.ts'
import type { Segments } from './segments.ts'
import { createSettle } from './settle.ts'

type Doors = {
  readonly segments: Segments
  readonly quarantine: Quarantine
  readonly store: Pick<Store, 'write'>
  readonly scan: (lines: Uint8Array) => Batch
  readonly clock: Clock
  readonly random: () => number
  readonly log: Log
}

/** Records are written together up to this size: a store takes one large batch for nearly the price of a small one. */
const writeBytesMax = 4_000_000

/** Moves what waits in the segments to the store, oldest first, and knows whether the store is well. */
export function createDrain({ segments, quarantine, store, scan, clock, random, log }: Doors) {
  const stopping = new AbortController()
  const settle = createSettle({ write: (batch) => store.write(batch, stopping.signal), scan, quarantine })
  let storeIsWell = true
  let failures = 0
  let failedBeside: unknown
  let running: Promise<void> | undefined
  let cancel: (() => void) | undefined

  function wake(): void {
    if (stopping.signal.aborted || running || cancel) return
    running = run().finally(() => {
      running = undefined
      // What came while the last step ended.
      if (!segments.isEmpty()) wake()
    })
  }

  function wait(thrown: unknown): void {
    if (stopping.signal.aborted) return
    failures++
    const delayMs = delayAfter(failures, random, thrown instanceof AppError ? thrown.retryAfterMs : undefined)
    if (thrown instanceof AppError) storeIsAway(thrown)
    else log.error({ err: thrown }, `spool: it cannot be drained: ${messageOf(thrown)}; it is tried again`)
    cancel = clock.after(delayMs, () => {
      cancel = undefined
      wake()
    })
  }

  function storeIsAway(thrown: AppError): void {
    if (storeIsWell) log.warn({ problem: thrown.message }, 'spool: the store takes nothing; points are kept on disk until it does')
    storeIsWell = false
  }

  function recovered(): void {
    if (!storeIsWell) log.info({ bytes: segments.bytes() }, 'spool: the store takes points again')
    storeIsWell = true
    failures = 0
  }

  async function run(): Promise<void> {
    try {
      while (!stopping.signal.aborted && !segments.isEmpty()) {
        // After a failure one record alone: it is cheap to lose, and it may be to blame.
        const records = await segments.peek(failures === 0 ? writeBytesMax : 0)
        await segments.drop(await settle(records, { failures, second: segments.second }))
        if (records.length > 0) recovered()
        heedFailureBeside()
      }
    } catch (thrown) {
      wait(thrown)
    }
  }

  /** A store that just asked a fresh batch to wait has asked the drain as well. */
  function heedFailureBeside(): void {
    const failure = failedBeside
    failedBeside = undefined
    if (failure !== undefined) throw failure
  }

  return {
    wake,
    isStoreWell: () => storeIsWell && failedBeside === undefined,
    /** Resolves when nothing waits, or the store is away. */
    caughtUp: () => running ?? Promise.resolve(),
    /** Told by whoever wrote past the drain. */
    storeFailed(thrown: unknown): void {
      if (running) failedBeside = thrown
      else if (!cancel) wait(thrown)
    },
    /** Ends a write under way; what waits stays. */
    async stop(): Promise<void> {
      stopping.abort()
      cancel?.()
      cancel = undefined
      await running
    },
  }
}
