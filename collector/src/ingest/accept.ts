import type { Clock } from '../lib/clock.ts'
import { AppError, messageOf } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import type { Batch, Rejection } from '../model/batch.ts'
import type { Store } from '../model/store.ts'
import { type BatchBuilder, createBatchBuilder, toWholeBatch, withoutLines } from './batch-builder.ts'
import { createGroupCommit } from './group-commit.ts'
import type { Ingest, IngestResult } from './ingest.ts'
import { type ScanResult, scanLineProtocol } from './line-protocol/scan.ts'
import { type ScanLimits, scanLimits } from './line-protocol/scan-state.ts'
import { appendPoints } from './points.ts'
import { createSeriesTable, fieldOf, seriesMaxDefault } from './series-table.ts'
import { createSpool, type SpoolOptions, type SpoolStatus } from './spool/spool.ts'

export type IngestLimits = ScanLimits & {
  /** Request bodies that wait for the store. One more is refused with `INGEST_FULL` when they are this many bytes. */
  readonly bytesInFlightMax: number
  /** The same in points. */
  readonly pointsInFlightMax: number
  /** Requests are not merged into a batch any more when it has this many points. */
  readonly groupPointsMax: number
  /** Series this process may meet: a guard against tags that hold ids. */
  readonly seriesMax: number
}

export const ingestLimits: IngestLimits = {
  ...scanLimits,
  bytesInFlightMax: 128 * 1_048_576,
  pointsInFlightMax: 2_000_000,
  groupPointsMax: 20_000,
  seriesMax: seriesMaxDefault,
}

export type IngestDoors = {
  readonly store: Pick<Store, 'write' | 'writesAtOnce' | 'returnsBatches'>
  /** Told of what is durable, and of what nothing can keep at the moment. */
  readonly live: { accept(batch: Batch): void }
  readonly clock: Clock
  readonly log: Log
  readonly limits?: Partial<IngestLimits>
  /** Where points wait for a store that takes nothing; left out: they are refused. */
  readonly spool?: SpoolOptions & { readonly random: () => number }
}

type Fill = (builder: BatchBuilder, linesBefore: number) => ScanResult

/** Takes points from every door and answers when they are durable. */
export function createIngest({ store, live, clock, log, ...doors }: IngestDoors): Ingest {
  const limits = { ...ingestLimits, ...doors.limits }
  const table = createSeriesTable({ seriesMax: limits.seriesMax })
  const inFlight = { bytes: 0, points: 0 }
  let acceptedTotal = 0
  let rejectedTotal = 0
  let stopped = false

  function tellLive(batch: Batch, refused: readonly Rejection[]): void {
    const told = refused.length === 0 ? batch : withoutLines(batch, new Set(refused.map(({ line }) => line)))
    try {
      live.accept(told)
    } catch (thrown) {
      // What listens must not turn the answer into an error.
      log.error({ err: thrown }, `ingest: ${told.points} points could not be evaluated: ${messageOf(thrown)}`)
    }
  }

  const scan = (lines: Uint8Array): Batch => {
    const builder = createBatchBuilder((id) => fieldOf(table, id))
    scanLineProtocol(lines, table, builder, { precision: 'ns', nowNs: 0n, limits })
    return toWholeBatch(builder)
  }
  const spool = doors.spool && createSpool({ ...doors.spool, store, scan, clock, log })

  const commits = createGroupCommit({
    write: (batch) => (spool ?? store).write(batch),
    fieldOf: (id) => fieldOf(table, id),
    onDurable: tellLive,
    // A full disk must not blind the rules, least of all the one that watches the disk.
    onUnkept: (batch) => tellLive(batch, []),
    pointsMax: limits.groupPointsMax,
    writesAtOnce: store.writesAtOnce ?? 1,
    reusesMemory: store.returnsBatches ?? false,
  })

  function admit(): void {
    if (stopped)
      throw new AppError('SHUTTING_DOWN', 'ingest: the collector is stopping and takes no more points; send them again in a moment.')
    if (inFlight.bytes < limits.bytesInFlightMax && inFlight.points < limits.pointsInFlightMax) return
    const waiting = `${inFlight.points} points (${inFlight.bytes} bytes) wait for the store`
    throw new AppError('INGEST_FULL', `ingest: ${waiting}, which is all that may; send these again in a moment.`, { retryable: true })
  }

  async function take(bytes: number, fill: Fill, onScanned?: (points: number) => void): Promise<IngestResult> {
    admit()
    const { filled, durable } = commits.submit(fill)
    onScanned?.(filled.points)
    inFlight.bytes += bytes
    inFlight.points += filled.points
    try {
      const refused = await durable
      const accepted = filled.points - new Set(refused.map(({ line }) => line)).size
      acceptedTotal += accepted
      rejectedTotal += filled.rejectedTotal + refused.length
      return toResult(accepted, filled, refused)
    } finally {
      inFlight.bytes -= bytes
      inFlight.points -= filled.points
    }
  }

  const nowNs = () => BigInt(Math.round(clock.now())) * 1_000_000n

  return {
    start: async () => spool?.start(),
    spool: () => spool?.status() ?? noSpool,
    async lineProtocol(body, { precision, allOrNothing, onScanned }) {
      const options = { precision, nowNs: nowNs(), limits }
      if (allOrNothing) {
        const trial = scanLineProtocol(
          body,
          table,
          createBatchBuilder((id) => fieldOf(table, id)),
          options,
        )
        if (trial.rejectedTotal > 0) {
          rejectedTotal += trial.rejectedTotal
          return toResult(0, trial, [])
        }
      }
      return take(body.length, (builder, linesBefore) => scanLineProtocol(body, table, builder, { ...options, linesBefore }), onScanned)
    },
    async points(points, signal) {
      signal?.throwIfAborted()
      return take(0, (builder, linesBefore) => appendPoints(points, table, builder, { nowNs: nowNs(), limits, linesBefore }))
    },
    get acceptedTotal() {
      return acceptedTotal
    },
    get rejectedTotal() {
      return rejectedTotal
    },
    series: () => ({ met: table.series.length, max: limits.seriesMax }),
    hurry: () => spool?.hurry(),
    async stop() {
      stopped = true
      await commits.drained()
      await spool?.stop()
    },
  }
}

const noSpool: SpoolStatus = { bytes: 0, bytesMax: 0, ageSeconds: 0, quarantined: 0, damaged: 0 }

function toResult(accepted: number, filled: ScanResult, refused: readonly Rejection[]): IngestResult {
  const rejected = [...filled.rejected, ...refused].sort((a, b) => a.line - b.line)
  const rejectedTotal = filled.rejectedTotal + refused.length
  return rejectedTotal > rejected.length ? { accepted, rejected, rejectedTotal } : { accepted, rejected }
}
