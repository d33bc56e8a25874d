import type { Tags } from '../../model/point.ts'
import type { TagFilter } from '../../model/query.ts'

/** Which series a rule looks at. */
export type SampleSelector = { readonly measurement: string; readonly field: string; readonly where: readonly TagFilter[] }

/** The samples of one series in order of time, in milliseconds. */
export type SampleSeries = { readonly tags: Tags; readonly times: readonly number[]; readonly values: readonly number[] }

/** What one rule sees of the samples. */
export interface SampleWatch {
  /** From `fromMs` to `toMs`, both included; series without a sample there are left out. */
  series(fromMs: number, toMs: number): readonly SampleSeries[]
  /** Brings samples of the time before the start; samples already there win. */
  seed(series: readonly SampleSeries[]): void
  close(): void
}

/** The recent samples; `live/` fits this, and so does stored history when rules are replayed. */
export interface Samples {
  /** `onFresh` is called at most once per accepted batch, after all of its samples are in place. */
  watch(selector: SampleSelector, keepMs: number, onFresh: () => void): SampleWatch
}
