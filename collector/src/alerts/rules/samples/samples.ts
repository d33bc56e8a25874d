import type { Tags } from '../../../model/point.ts'
import type { TagFilter } from '../../../model/query.ts'

/** Which series a rule looks at. A pattern takes every field whose name matches: the buckets of a histogram. */
export type SampleSelector = {
  readonly measurement: string
  readonly field: string | RegExp
  readonly where: readonly TagFilter[]
  /** Takes samples of text, too, as numbers that are equal for equal texts; left out: a field of text is an error. */
  readonly text?: boolean
}

/**
 * Samples in order of time, in milliseconds: those from `start` up to `end`, which is not one of them.
 * They lie in memory that is written again, with others around them: read them at once.
 */
export type SampleRun = {
  readonly times: ArrayLike<number>
  readonly values: ArrayLike<number>
  readonly start: number
  readonly end: number
}

/** The samples of one series. */
export type SampleSeries = SampleRun & {
  readonly tags: Tags
  readonly field: string
  /** What the numbers stand for; left out: for themselves. */
  readonly texts?: { of(code: number): string | undefined } | undefined
}

/** All samples of a series that somebody brings. */
export type StoredSeries = Omit<SampleSeries, 'start' | 'end' | 'values' | 'texts'> & { readonly values: ArrayLike<number | string> }

/** A series that is kept. It stays the same object while it is. */
export interface TrackedSeries {
  readonly tags: Tags
  readonly field: string
  /** From `fromMs` to `toMs`, both included. */
  between(fromMs: number, toMs: number): SampleSeries
  /** It is no longer kept; should it come back, it is another object. */
  isGone(): boolean
}

/**
 * Samples from `low` to `high`, both included, that come before `untilMs`: of a calm label set, those
 * that cannot change what its rule says of it. Before then, neither can time alone.
 */
export type Quiet = { readonly low: number; readonly high: number; readonly untilMs: number }

/** What one rule sees of the samples. */
export interface SampleWatch {
  /** The series that got samples, or were found, since the last call. */
  takeFresh(): Iterable<TrackedSeries>
  /** These samples of a series need not be told, until something else is said; null: every sample must. */
  expect(series: TrackedSeries, quiet: Quiet | null): void
  /** Brings samples of the time before the start; samples already there win. */
  seed(series: readonly StoredSeries[]): void
  /** A field that it looks at and that holds text, which it did not ask for. */
  unwantedText(): string | undefined
  close(): void
}

/** The recent samples; `live/` fits this, and so does stored history when rules are replayed. */
export interface Samples {
  /** `onFresh` is called at most once per accepted batch, after all of its samples are in place. */
  watch(selector: SampleSelector, keepMs: number, onFresh: () => void): SampleWatch
}
