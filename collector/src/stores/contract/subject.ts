import type { FieldValue } from '../../model/point.ts'
import type { Frame, MetricsQuery, TimeRange } from '../../model/query.ts'
import type { Store, WriteResult } from '../../model/store.ts'
import { type TestPoint, toTestBatch, type Unsigned } from './test-batch.ts'

/** A store under test. */
export type Subject = {
  readonly store: Store
  /** Stops the store and opens it again on the same data; left out when nothing outlives a stop. */
  readonly reopen?: () => Promise<Store>
  readonly dispose: () => Promise<void>
}

/** What a store is known not to do. Each trait is a documented limit of the system behind it. */
export type Traits = {
  /** Unsigned values above the largest signed one are refused; the others come back as integers. */
  readonly unsignedBecomesInteger?: boolean
  /** Between series with a value at one instant, `first` and `last` take any of them. */
  readonly takesAnyOfTies?: boolean
  /** Its line protocol or query language has no way to write these names. */
  readonly cannotHold?: (name: string) => boolean
}

export const second = 1_000_000_000n
/** A round minute, so that buckets of a minute begin here. */
export const startMs = Date.UTC(2026, 0, 1)
export const startNs = BigInt(startMs) * 1_000_000n
export const hour: TimeRange = { from: startMs, to: startMs + 3_600_000 }

type Fields = Readonly<Record<string, FieldValue | Unsigned>>

/** A point `seconds` after the start. */
export function point(measurement: string, tags: Readonly<Record<string, string>>, fields: Fields, seconds: number): TestPoint {
  return { measurement, tags, fields, timeNs: startNs + BigInt(Math.round(seconds * 1e9)) }
}

export function write(store: Store, ...points: readonly TestPoint[]): Promise<WriteResult> {
  return store.write(toTestBatch(points))
}

export function toQuery(changes: Partial<MetricsQuery>): MetricsQuery {
  return {
    measurement: 'm',
    fields: ['v'],
    aggregate: 'none',
    where: [],
    groupBy: [],
    fill: 'none',
    limit: 10_000,
    seriesMax: 1000,
    ...changes,
  }
}

/** A frame in short: its labels, seconds since the start, and its columns by name. */
export type Short = { readonly labels: Readonly<Record<string, string>>; readonly seconds: number[]; readonly [column: string]: unknown }

export function toShort(frame: Frame): Short {
  const [time, ...columns] = frame.fields
  return {
    labels: frame.labels,
    seconds: (time?.values ?? []).map((ms) => (Number(ms) - startMs) / 1000),
    ...Object.fromEntries(columns.map(({ name, values }) => [name, [...values]])),
  }
}

export async function ask(store: Store, changes: Partial<MetricsQuery>, range = hour): Promise<Short[]> {
  return (await store.query(toQuery(changes), range)).map(toShort)
}

/** The values of the one column of the one frame of an answer; none when the answer is empty. */
export async function askValues(store: Store, changes: Partial<MetricsQuery>, range = hour): Promise<unknown[]> {
  const frames = await store.query(toQuery(changes), range)
  return frames.flatMap((frame) => frame.fields[1]?.values ?? [])
}
