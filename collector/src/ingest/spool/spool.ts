import { join } from 'node:path'
import type { Clock } from '../../lib/clock.ts'
import { AppError, messageOf } from '../../lib/errors.ts'
import type { Log } from '../../lib/log.ts'
import type { Batch } from '../../model/batch.ts'
import type { Store, WriteResult } from '../../model/store.ts'
import { createDrain } from './drain.ts'
import { createKeep } from './keep.ts'
import { createPatience } from './patience.ts'
import { createQuarantine } from './quarantine.ts'
import { createSegments } from './segments.ts'
import { isPassing } from './settle.ts'
import { timeSpanOf } from './time-span.ts'

export type SpoolOptions = {
  /** Folder of the segments; the quarantine lies in it. */
  readonly directory: string
  readonly bytesMax: number
  readonly quarantineBytesMax: number
  /** A store that has not answered for so long is slow: the points go to the spool. */
  readonly slowAfterMs: number
}

export type SpoolStatus = {
  /** Bytes that wait for the store, and how many may. */
  readonly bytes: number
  readonly bytesMax: number
  /** Since when the oldest point waits; 0 when none does. */
  readonly ageSeconds: number
  /** Files of points that the store refused for good. */
  readonly quarantined: number
  /** Files of the spool that could not be read whole. */
  readonly damaged: number
}

type Doors = SpoolOptions & {
  readonly store: Pick<Store, 'write'>
  /** Line protocol from the spool as a batch. */
  readonly scan: (lines: Uint8Array) => Batch
  readonly clock: Clock
  readonly random: () => number
  readonly log: Log
}

export type Spool = {
  /** Finds what an earlier run left, and begins to drain it. */
  start(): Promise<void>
  /** The store's `write`, or the spool's fsync when the store takes nothing. Throws what no wait can mend. */
  write(batch: Batch): Promise<WriteResult>
  status(): SpoolStatus
  /** From here on a store that does not answer in a moment is not waited for: the points go to disk. */
  hurry(): void
  /** Ends a write of the drain under way; what waits stays for the next start. */
  stop(): Promise<void>
}

export const quarantineFolder = (spoolDirectory: string) => join(spoolDirectory, 'quarantine')

const segmentBytesMax = 16_000_000
/** So much is written to a store in a moment. */
const catchUpBytesMax = 4_000_000

/**
 * Stands between the group commit and the store, so that a 2xx does not need a store that is well.
 *
 * Once the store has failed, batches go straight to disk until the drain finds it well again. From then on
 * fresh batches go to the store at once, beside the drain, but for those that hold a point as old as one that waits.
 */
export function createSpool({ store, scan, clock, random, log, slowAfterMs, ...options }: Doors): Spool {
  const now = () => clock.now()
  const segments = createSegments({
    directory: options.directory,
    bytesMax: options.bytesMax,
    segmentBytesMax: Math.min(segmentBytesMax, Math.ceil(options.bytesMax / 4)),
    damagedBytesMax: options.quarantineBytesMax,
    ...{ log, now },
  })
  const quarantine = createQuarantine({
    directory: quarantineFolder(options.directory),
    bytesMax: options.quarantineBytesMax,
    ...{ log, now },
  })
  const drain = createDrain({ segments, quarantine, store, scan, clock, random, log })

  const keep = createKeep({ segments, directory: options.directory, log })
  const patience = createPatience({ clock, slowAfterMs })

  /**
   * Whether a batch may reach the store before what waits: never with a point that may be an older one
   * written anew, for the last value must win. Where little waits, the drain is let finish first.
   */
  async function mayOvertake(batch: Batch): Promise<boolean> {
    if (!drain.isStoreWell()) return false
    if (timeSpanOf(batch).oldestMs > segments.newestMs()) return true
    if (segments.bytes() > catchUpBytesMax) return false
    await patience.wait(drain.caughtUp())
    return segments.isEmpty()
  }

  return {
    async start() {
      try {
        await segments.open()
        await quarantine.start()
      } catch (cause) {
        const message = `Cannot open the spool in ${options.directory}: ${messageOf(cause)}. Make it writable, or set spool.path.`
        throw new AppError('START_FAILED', message, { cause })
      }
      if (!segments.isEmpty()) log.info({ bytes: segments.bytes() }, 'spool: points of an earlier run wait for the store')
      drain.wake()
    },
    async write(batch) {
      // An empty spool has nothing to try the store with, so the batch itself does.
      if (!segments.isEmpty() && !(await mayOvertake(batch))) return keep(batch)
      try {
        return await patience.write((signal) => store.write(batch, signal))
      } catch (thrown) {
        if (!segments.isOpen() || !isPassing(thrown)) throw thrown
        const kept = await keep(batch)
        drain.storeFailed(thrown)
        return kept
      }
    },
    status() {
      const oldestMs = segments.oldestMs()
      const ageSeconds = oldestMs === undefined ? 0 : Math.max(0, (clock.now() - oldestMs) / 1000)
      return {
        bytes: segments.bytes(),
        bytesMax: options.bytesMax,
        ageSeconds,
        quarantined: quarantine.files(),
        damaged: segments.damagedFiles(),
      }
    },
    hurry: patience.hurry,
    async stop() {
      await drain.stop()
      await segments.close()
    },
  }
}
