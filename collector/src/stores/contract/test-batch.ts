import type { Batch } from '../../model/batch.ts'
import type { FieldType, FieldValue, Point, Series, SeriesField, Tags } from '../../model/point.ts'
import { seriesKey } from '../shared/dictionary.ts'
import { encodeLines, escapeKey, escapeMeasurement } from '../shared/encode-lines.ts'

/** An unsigned value, which a plain bigint cannot tell from an integer. */
export type Unsigned = { readonly unsigned: bigint }
export type TestPoint = Omit<Point, 'fields' | 'timeNs'> & {
  readonly fields: Readonly<Record<string, FieldValue | Unsigned>>
  readonly timeNs: bigint
}

export const unsigned = (value: bigint): Unsigned => ({ unsigned: value })

type Entry = { readonly id: number; readonly timeNs: bigint; readonly line: number; readonly value: FieldValue }

// Ids belong to the process, not to a batch or a store: a test that reopens a store relies on it.
const series = new Map<string, Series>()
const fields: SeriesField[] = []
const fieldIds = new Map<string, number>()

/** The batch of some points, as `ingest/` would build it; the first point is line 1. */
export function toTestBatch(points: readonly TestPoint[]): Batch {
  const entries: Record<FieldType, Entry[]> = { float: [], integer: [], unsigned: [], boolean: [], string: [] }
  points.forEach((point, index) => {
    for (const [name, given] of Object.entries(point.fields)) {
      const type = typeOf(given)
      const value = typeof given === 'object' ? given.unsigned : given
      entries[type].push({ id: idOf(point, name, type), timeNs: point.timeNs, line: index + 1, value })
    }
  })
  const batch: Batch = {
    points: points.length,
    floats: toColumn(entries.float, (list) => Float64Array.from(list, ({ value }) => Number(value))),
    integers: toColumn(entries.integer, (list) => BigInt64Array.from(list, ({ value }) => BigInt(value))),
    unsigned: toColumn(entries.unsigned, (list) => BigUint64Array.from(list, ({ value }) => BigInt(value))),
    booleans: toColumn(entries.boolean, (list) => Uint8Array.from(list, ({ value }) => (value === true ? 1 : 0))),
    strings: toColumn(entries.string, (list) => list.map(({ value }) => String(value))),
    fieldOf: (id) => fields[id] as SeriesField,
    toLineProtocol: () => encodeLines(batch),
  }
  return batch
}

function toColumn<Values>(entries: readonly Entry[], toValues: (entries: readonly Entry[]) => Values) {
  return {
    length: entries.length,
    fields: Int32Array.from(entries, ({ id }) => id),
    times: BigInt64Array.from(entries, ({ timeNs }) => timeNs),
    lines: Int32Array.from(entries, ({ line }) => line),
    values: toValues(entries),
  }
}

function typeOf(value: FieldValue | Unsigned): FieldType {
  if (typeof value === 'object') return 'unsigned'
  if (typeof value === 'bigint') return 'integer'
  if (typeof value === 'number') return 'float'
  return typeof value === 'boolean' ? 'boolean' : 'string'
}

function idOf({ measurement, tags }: TestPoint, name: string, type: FieldType): number {
  const owner = seriesOf(measurement, tags)
  const key = JSON.stringify([owner.id, name, type])
  const known = fieldIds.get(key)
  if (known !== undefined) return known
  const id = fields.push({ id: fields.length, series: owner, name, type }) - 1
  fieldIds.set(key, id)
  return id
}

function seriesOf(measurement: string, tags: Tags): Series {
  const mapKey = JSON.stringify([measurement, seriesKey(tags)])
  const known = series.get(mapKey)
  if (known) return known
  const sorted = Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1))
  const key = [escapeMeasurement(measurement), ...sorted.map(([name, value]) => `${escapeKey(name)}=${escapeKey(value)}`)].join(',')
  const made: Series = { id: series.size, measurement, tags: Object.fromEntries(sorted), key }
  series.set(mapKey, made)
  return made
}
