/**
 * The nouns of a metric.
 *
 * A point is InfluxDB's: a measurement, tags, fields and a time in nanoseconds. Points with the
 * same series and time merge their fields, and the last write of a field wins, in every store.
 */

export type FieldType = 'float' | 'integer' | 'unsigned' | 'boolean' | 'string'

/** `bigint` stands for integers and unsigned ones (64 bits), `number` for floats. */
export type FieldValue = number | bigint | boolean | string

export type Tags = Readonly<Record<string, string>>

/** One measurement with one set of tags. `id` counts from 0 within this process only. */
export type Series = {
  readonly id: number
  readonly measurement: string
  /** Sorted by key. */
  readonly tags: Tags
  /** `measurement,tag=value` with line protocol's escapes and sorted tags: equal keys, equal series. */
  readonly key: string
}

/** Which series: enough to name it without an id. */
export type SeriesName = Pick<Series, 'measurement' | 'tags'>

/** One field of one series: what a sample belongs to. `id` counts from 0 within this process only. */
export type SeriesField = {
  readonly id: number
  readonly series: Series
  readonly name: string
  readonly type: FieldType
}

/** A point as an object: for sources, tests and everything that is not the hot path. */
export type Point = {
  readonly measurement: string
  readonly tags: Tags
  readonly fields: Readonly<Record<string, FieldValue>>
  /** Nanoseconds since 1970; left out means "now", decided once when the point is accepted. */
  readonly timeNs?: bigint
  /** Names of the fields whose integers are unsigned. */
  readonly unsigned?: readonly string[]
}
