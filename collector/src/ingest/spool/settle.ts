import { AppError, messageOf } from '../../lib/errors.ts'
import { counted } from '../../lib/words.ts'
import type { Batch, Rejection } from '../../model/batch.ts'
import type { WriteResult } from '../../model/store.ts'
import { linesOf, withoutLines } from '../batch-builder.ts'
import type { Quarantine } from './quarantine.ts'
import type { Kept } from './reader.ts'

type Doors = {
  readonly write: (batch: Batch) => Promise<WriteResult>
  readonly scan: (lines: Uint8Array) => Batch
  readonly quarantine: Quarantine
}

/** After so many failures of the oldest record the one behind it is tried: it may be the record, not the store. */
const suspiciousAfter = 5

export type Attempt = {
  /** Failures in a row before this one. */
  readonly failures: number
  readonly second: () => Promise<Kept | undefined>
}

/**
 * Brings the oldest records to their end, in the store or in the quarantine, and says how many; throws
 * when they have to wait.
 *
 * Never a loop: what passes is waited for, what does not is put aside with its reason, and a record that
 * keeps failing while its neighbour is taken is put aside, too.
 */
export function createSettle({ write, scan, quarantine }: Doors) {
  async function store(records: readonly Kept[]): Promise<number> {
    const [oldest] = records
    const batch = scan(Buffer.concat(records.map(({ payload }) => payload)))
    const { rejected } = batch.points === 0 ? { rejected: [] } : await write(batch)
    if (oldest && rejected.length > 0) await putAside(oldest.id, batch, rejected)
    return records.length
  }

  async function putAside(id: string, batch: Batch, rejected: readonly Rejection[]): Promise<void> {
    const refused = new Set(rejected.map(({ line }) => line))
    // Line 0 stands for lines that the store did not name: all are kept, and sent again they merge.
    const taken = refused.has(0) ? [] : linesOf(batch).filter((line) => !refused.has(line))
    const aside = taken.length === 0 ? batch : withoutLines(batch, new Set(taken))
    const reasons = [...new Set(rejected.map(({ reason }) => reason))]
    await quarantine.add({ id, reasons, points: aside.points, lines: aside.toLineProtocol() })
  }

  async function putWholeAside({ id, payload }: Kept, reason: string): Promise<number> {
    await quarantine.add({ id, reasons: [reason], points: scan(payload).points, lines: payload })
    return 1
  }

  /** Whether the store takes another record now. */
  async function takes(record: Kept | undefined): Promise<boolean> {
    if (!record) return false
    try {
      await write(scan(record.payload))
      return true
    } catch {
      return false
    }
  }

  return async function settle(records: readonly Kept[], attempt: Attempt): Promise<number> {
    const [oldest] = records
    if (!oldest) return 0
    try {
      return await store(records)
    } catch (thrown) {
      if (isPassing(thrown)) {
        if (attempt.failures < suspiciousAfter || !(await takes(await attempt.second()))) throw thrown
        return putWholeAside(oldest, `${messageOf(thrown)} (${counted(attempt.failures + 1, 'time')}, while other points were taken)`)
      }
      // Of several records one may be to blame.
      return records.length > 1 ? settle([oldest], attempt) : putWholeAside(oldest, messageOf(thrown))
    }
  }
}

/** Whether a failure may be gone the next time. */
export const isPassing = (thrown: unknown): boolean => thrown instanceof AppError && thrown.retryable
