import type { Clock } from '../../lib/clock.ts'
import { AppError, messageOf } from '../../lib/errors.ts'
import type { Log } from '../../lib/log.ts'
import type { Batch, Rejection } from '../../model/batch.ts'
import type { Store } from '../../model/store.ts'
import { linesOf, withoutLines } from '../batch-builder.ts'
import { delayAfter } from './backoff.ts'
import type { Quarantine } from './quarantine.ts'
import type { Kept, Segments } from './segments.ts'

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
/** After so many failures of the oldest record the one behind it is tried: it may be the record, not the store. */
const suspiciousAfter = 5

export type Drain = ReturnType<typeof createDrain>

/**
 * Moves what waits in the segments to the store, oldest first.
 *
 * A record ends in the store or in the quarantine, never in a loop: what passes is waited for, what does
 * not is put aside with its reason, and a record that alone keeps failing while its neighbour is taken is
 * put aside, too.
 */
export function createDrain({ segments, quarantine, store, scan, clock, random, log }: Doors) {
  let storeIsWell = true
  let failures = 0
  const stopping = new AbortController()
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
    if (storeIsWell) log.warn({ problem: messageOf(thrown) }, 'spool: the store takes nothing; points are kept on disk until it does')
    storeIsWell = false
    cancel?.()
    cancel = clock.after(delayMs, () => {
      cancel = undefined
      wake()
    })
  }

  async function run(): Promise<void> {
    try {
      while (!stopping.signal.aborted && !segments.isEmpty()) await step()
      if (!stopping.signal.aborted && !storeIsWell) recovered()
    } catch (thrown) {
      wait(thrown)
    }
  }

  /** Writes and drops the oldest records; throws when that has to wait. */
  async function step(): Promise<void> {
    const records = await segments.peek(failures === 0 ? writeBytesMax : 0)
    const [oldest] = records
    if (!oldest) return
    const taken = await settle(records).catch((thrown) => (isPassing(thrown) ? suspect(oldest, thrown) : blame(records, thrown)))
    await segments.drop(taken)
  }

  /** How many records are done with, the lines that the store refuses of them being in quarantine. */
  async function settle(records: readonly Kept[]): Promise<number> {
    const [oldest] = records
    const batch = scan(Buffer.concat(records.map(({ payload }) => payload)))
    const { rejected } = batch.points === 0 ? { rejected: [] } : await store.write(batch, stopping.signal)
    if (oldest && rejected.length > 0) await putAside(oldest.id, batch, rejected)
    recovered()
    return records.length
  }

  function recovered(): void {
    if (!storeIsWell) log.info({ bytes: segments.bytes() }, 'spool: the store takes points again')
    storeIsWell = true
    failures = 0
  }

  /** Of several records one may be to blame: each is tried alone. */
  async function blame(records: readonly Kept[], thrown: unknown): Promise<number> {
    const [oldest] = records
    if (!oldest) return 0
    if (records.length > 1) return settle([oldest]).catch((again) => (isPassing(again) ? Promise.reject(again) : blame([oldest], again)))
    await quarantineWhole(oldest, messageOf(thrown))
    return 1
  }

  /** A failure that may pass, unless the store takes the next record while it fails this one again and again. */
  async function suspect(oldest: Kept, thrown: unknown): Promise<number> {
    if (failures < suspiciousAfter) throw thrown
    const next = await segments.second()
    if (!next || !(await takes(next))) throw thrown
    await quarantineWhole(oldest, `${messageOf(thrown)} (${failures + 1} times, while other points were taken)`)
    recovered()
    return 1
  }

  async function takes(record: Kept): Promise<boolean> {
    try {
      await store.write(scan(record.payload), stopping.signal)
      return true
    } catch {
      return false
    }
  }

  const quarantineWhole = ({ id, payload }: Kept, reason: string) =>
    quarantine.add({ id, reasons: [reason], points: scan(payload).points, lines: payload })

  async function putAside(id: string, batch: Batch, rejected: readonly Rejection[]): Promise<void> {
    const refused = new Set(rejected.map(({ line }) => line))
    // Line 0 stands for lines that the store did not name: all are kept, and sent again they merge.
    const taken = refused.has(0) ? [] : linesOf(batch).filter((line) => !refused.has(line))
    const aside = taken.length === 0 ? batch : withoutLines(batch, new Set(taken))
    const reasons = [...new Set(rejected.map(({ reason }) => reason))]
    await quarantine.add({ id, reasons, points: aside.points, lines: aside.toLineProtocol() })
  }

  return {
    wake,
    isStoreWell: () => storeIsWell,
    /** Told by whoever wrote past the drain. */
    storeFailed(thrown: unknown): void {
      if (running || cancel) storeIsWell = false
      else wait(thrown)
    },
    async stop(): Promise<void> {
      stopping.abort()
      cancel?.()
      cancel = undefined
      await running
    },
  }
}

const isPassing = (thrown: unknown) => thrown instanceof AppError && thrown.retryable
