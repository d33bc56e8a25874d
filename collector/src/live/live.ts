import type { Batch } from '../model/batch.ts'
import type { Tags } from '../model/point.ts'
import type { TagFilter } from '../model/query.ts'

/** Which series a rule looks at. A series without a tag has the empty string as its value, as in InfluxQL. */
export type Selector = { readonly measurement: string; readonly field: string; readonly where: readonly TagFilter[] }

/** The samples of one series in order of time. Times are milliseconds since 1970; booleans are 0 and 1. */
export type LiveSeries = { readonly tags: Tags; readonly times: readonly number[]; readonly values: readonly number[] }

/** The newest value of one series field. Integers are numbers here, beyond 2^53 rounded. */
export type LastValue = {
  readonly measurement: string
  readonly tags: Tags
  readonly field: string
  readonly timeMs: number
  readonly value: number | string
}

/** The recent samples of every series that a rule looks at, and the newest value of every series. */
export interface Live {
  /**
   * Keeps what matches for at least `keepMs`. `onFresh` is called at most once per accepted batch,
   * after all of its samples are in place.
   */
  watch(selector: Selector, keepMs: number, onFresh: () => void): Watch
  /** Takes the samples of a batch that is already durable. */
  accept(batch: Batch): void
  /** For the stream of samples; the returned function ends it. */
  on(listener: (batch: Batch) => void): () => void
  /** Newest values of the series that match, at most `limit`. */
  last(selector: Selector, limit: number): readonly LastValue[]
}

/** What one rule sees of the samples. */
export interface Watch {
  /** Samples from `fromMs` (included) to `toMs` (included); series without a sample there are left out. */
  series(fromMs: number, toMs: number): readonly LiveSeries[]
  /** Brings samples of the time before the start from the store; samples already here win. */
  seed(series: readonly LiveSeries[]): void
  /** Stops keeping. */
  close(): void
}
