import type { Batch } from '../model/batch.ts'
import type { SeriesName, Tags } from '../model/point.ts'
import type { TagFilter } from '../model/query.ts'
import type { Texts } from './texts.ts'

/** Which series a rule looks at. A series without a tag has the empty string as its value, as in InfluxQL. */
export type Selector = {
  readonly measurement: string
  /** A pattern takes every field whose name matches. */
  readonly field: string | RegExp
  readonly where: readonly TagFilter[]
  /** Left out: numbers and booleans only. */
  readonly text?: boolean
}

/** Samples in order of time. Times are milliseconds since 1970; booleans are 0 and 1, texts the numbers that stand for them. */
export type LiveSeries = {
  readonly times: ArrayLike<number>
  readonly values: ArrayLike<number>
  readonly texts?: Pick<Texts, 'of'> | undefined
  readonly tags: Tags
  readonly field: string
}

/** What somebody brings from the store. */
export type StoredLiveSeries = Omit<LiveSeries, 'values' | 'texts'> & { readonly values: ArrayLike<number | string> }

/** Those of a series from `start` up to `end`, which is not one of them. */
export type LiveRun = LiveSeries & { readonly start: number; readonly end: number }

/** One series as long as it is kept. */
export interface Tracked {
  readonly tags: Tags
  readonly field: string
  /** Both included. A look at memory that the next sample may move: read it at once. */
  between(fromMs: number, toMs: number): LiveRun
  /** It is no longer kept; should it come back, it is another object. */
  isGone(): boolean
}

/**
 * Samples from `low` to `high`, both included, that come before `untilMs`.
 *
 * Most samples change nothing: who looks at a series says which, and is not woken by them.
 */
export type Quiet = { readonly low: number; readonly high: number; readonly untilMs: number }

/** The recent samples of every series that a rule looks at. */
export interface Live {
  /**
   * Keeps what matches for at least `keepMs`. `onFresh` is called at most once per accepted batch,
   * after all of its samples are in place.
   */
  watch(selector: Selector, keepMs: number, onFresh: () => void): Watch
  /** Takes the samples of a batch that is already durable. */
  accept(batch: Batch): void
  /**
   * These series have no value any more from `timeMs` on: their source says so, or is gone. Rules see
   * them as absent at once, until a later sample comes.
   */
  end(series: readonly SeriesName[], timeMs: number): void
}

/** What one rule sees of the samples. */
export interface Watch {
  /** The series that got samples, or were found, since the last call. */
  takeFresh(): Iterable<Tracked>
  /** These samples of a series are no news to this watch, until something else is said; null: every sample is. */
  expect(series: Tracked, quiet: Quiet | null): void
  /** Brings samples of the time before the start from the store; samples already here win. */
  seed(series: readonly StoredLiveSeries[]): void
  /** A field that it looks at and that holds text, which it did not ask for. */
  unwantedText(): string | undefined
  /** Stops keeping. */
  close(): void
}
