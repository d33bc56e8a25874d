/** Milliseconds since 1970, `from` included, `to` excluded. */
export type TimeRange = { readonly from: number; readonly to: number }

export type Aggregate =
  | 'mean'
  | 'min'
  | 'max'
  | 'sum'
  | 'count'
  | 'first'
  | 'last'
  | 'median'
  | 'p90'
  | 'p95'
  | 'p99'
  | 'stddev'
  | 'spread'
  | 'rate'
  | 'increase'

export type TagFilter = {
  readonly tag: string
  /** `=~` and `!~` take a regular expression that must match somewhere in the value, as in InfluxQL. */
  readonly op: '=' | '!=' | '=~' | '!~' | 'in'
  readonly value: string | readonly string[]
}

/** A builder query, with all defaults filled in. Names arrive as written by a user: never trusted. */
export type MetricsQuery = {
  readonly measurement: string
  readonly fields: readonly string[]
  /** `none` gives the raw points: a row each, points of all series of a frame in the order of time. */
  readonly aggregate: Aggregate | 'none'
  /** Bucket width in milliseconds; left out means one value for the whole range. */
  readonly everyMs?: number
  readonly where: readonly TagFilter[]
  readonly groupBy: readonly string[]
  readonly fill: 'none' | 'null' | 'previous' | 'linear' | number
  /** Most rows of each frame. */
  readonly limit: number
  /** Most frames (series) of the answer; more is an error that says how to narrow the query. */
  readonly seriesMax: number
  readonly order?: 'asc' | 'desc'
}

export type FrameFieldType = 'time' | 'number' | 'string' | 'boolean' | 'other'

/**
 * One column of a frame. Times are milliseconds since 1970. Values are numbers, strings, booleans or
 * null where the point has none; a raw integer that a double cannot hold is exact decimal text.
 */
export type FrameField = {
  readonly name: string
  readonly type: FrameFieldType
  readonly labels?: Readonly<Record<string, string>>
  readonly values: readonly unknown[]
  /** Grafana's unit id, when known. */
  readonly unit?: string
}

/** What a panel receives: columns of equal length. `labels` tell the series of a metric frame. */
export type Frame = {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly fields: readonly FrameField[]
}
