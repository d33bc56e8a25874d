import type { Point } from './point.ts'

/** What a page of metrics brings, as points without the labels of where it came from. */
export type PagePoints = {
  readonly points: readonly Point[]
  /** How many samples, that is lines, each point is made of. */
  readonly weights: readonly number[]
  /** All samples of the page. */
  readonly samples: number
  /** Why samples have no point, one sentence each. */
  readonly refused: readonly string[]
}

/** Reads a page of metrics in any of Prometheus's formats, told by the content type. Throws `INGEST_LINE_INVALID` for one that is none. */
export type ReadPage = (body: Uint8Array, contentType: string) => PagePoints
