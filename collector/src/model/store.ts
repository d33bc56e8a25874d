import type { Batch, Rejection } from './batch.ts'
import type { FieldType } from './point.ts'
import type { Frame, MetricsQuery, TagFilter, TimeRange } from './query.ts'

export type WriteResult = { readonly rejected: readonly Rejection[] }

export type StoreStatus = {
  readonly ok: boolean
  /** A sentence for people: what is wrong, or what it is. */
  readonly message: string
  readonly bytesOnDisk?: number
  readonly seriesCount?: number
}

/** What a round of sealing wrote: days, and in how many files, values and bytes. */
export type SealResult = { readonly days: number; readonly files: number; readonly values: number; readonly bytes: number }

/** What to export: points in the range, of the series that the filters let through. */
export type ExportRequest = { readonly range: TimeRange; readonly measurement?: string; readonly where: readonly TagFilter[] }

export type FieldInfo = { readonly name: string; readonly type: FieldType }

/**
 * Keeps points and answers queries. A kind: one file (or folder) in `stores/`, and the contract
 * suite `stores/contract.ts` passes on it.
 *
 * Errors are `AppError`s: `STORE_UNAVAILABLE` (retryable), `QUERY_*` (the caller's fault).
 */
export interface Store {
  readonly kind: string
  /** How many batches `write` takes beside each other with profit; left out: one. */
  readonly writesAtOnce?: number
  /** True when no batch matters any more once its write settled or was aborted: its memory is then used again. */
  readonly returnsBatches?: boolean
  /** Opens what it needs; throws a sentence that says what to do when it cannot. */
  start(): Promise<void>
  /** Finishes writes under way and closes. */
  stop(): Promise<void>
  /**
   * Resolves when the points are durable. Rejected lines (a type conflict) are a value; it throws
   * only when nothing was written, so that the caller may retry the whole batch.
   */
  write(batch: Batch, signal?: AbortSignal): Promise<WriteResult>
  /** Frames in a stable order. With `groupBy` or several series: one frame for each label set. */
  query(query: MetricsQuery, range: TimeRange, signal?: AbortSignal): Promise<readonly Frame[]>
  measurements(signal?: AbortSignal): Promise<readonly string[]>
  fields(measurement: string, signal?: AbortSignal): Promise<readonly FieldInfo[]>
  tags(measurement: string | undefined, signal?: AbortSignal): Promise<readonly string[]>
  tagValues(measurement: string | undefined, tag: string, where?: readonly TagFilter[], signal?: AbortSignal): Promise<readonly string[]>
  status(signal?: AbortSignal): Promise<StoreStatus>
  /** Packs every day (UTC) that has ended; only for stores that pack days themselves. */
  seal?(): Promise<SealResult>
  /** Points as line protocol in nanoseconds, in chunks of whole lines; only for stores that have no tool of their own. */
  export?(wanted: ExportRequest, signal?: AbortSignal): AsyncGenerator<string, void>
}
