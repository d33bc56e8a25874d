import type { SeriesField, SeriesName, Tags } from '../model/point.ts'
import type { LastValue } from './live.ts'

/** The newest value of every series field, by the field's id; NaN for one that ended. */
export type LastValues = {
  readonly fieldsMax: number
  fields: SeriesField[]
  times: Float64Array
  numbers: Float64Array
  readonly texts: Map<number, string>
  /** Ids by measurement, to find the fields of a series. */
  readonly byMeasurement: Map<string, number[]>
}

export const createLastValues = (fieldsMax: number): LastValues => ({
  fieldsMax,
  fields: [],
  times: new Float64Array(256).fill(Number.NEGATIVE_INFINITY),
  numbers: new Float64Array(256),
  texts: new Map(),
  byMeasurement: new Map(),
})

/** Makes room for a field; ids beyond the limit are not kept. */
export function keepLast(last: LastValues, field: SeriesField): void {
  if (field.id >= last.fieldsMax) return
  if (last.fields[field.id] === undefined) {
    const ids = last.byMeasurement.get(field.series.measurement)
    if (ids) ids.push(field.id)
    else last.byMeasurement.set(field.series.measurement, [field.id])
  }
  last.fields[field.id] = field
  if (field.id < last.times.length) return
  const capacity = Math.min(last.fieldsMax, Math.max(field.id + 1, last.times.length * 2))
  last.times = copied(last.times, new Float64Array(capacity).fill(Number.NEGATIVE_INFINITY))
  last.numbers = copied(last.numbers, new Float64Array(capacity))
}

function copied(from: Float64Array, to: Float64Array): Float64Array {
  to.set(from)
  return to
}

export function setLast(last: LastValues, id: number, timeMs: number, value: number): void {
  if (id >= last.times.length || timeMs < (last.times[id] as number)) return
  last.times[id] = timeMs
  last.numbers[id] = value
}

export function setLastText(last: LastValues, id: number, timeMs: number, text: string): void {
  if (id >= last.times.length || timeMs < (last.times[id] as number)) return
  last.times[id] = timeMs
  last.numbers[id] = 0
  last.texts.set(id, text)
}

/** Forgets the values of series that ended, unless newer ones came. */
export function endLast(last: LastValues, series: readonly SeriesName[], timeMs: number): void {
  for (const [measurement, ofMeasurement] of Map.groupBy(series, (one) => one.measurement)) {
    const ended = new Set(ofMeasurement.map(({ tags }) => tagsKey(tags)))
    for (const id of last.byMeasurement.get(measurement) ?? []) {
      const field = last.fields[id]
      if (field === undefined || (last.times[id] as number) > timeMs || !ended.has(tagsKey(field.series.tags))) continue
      last.times[id] = timeMs
      last.numbers[id] = Number.NaN
    }
  }
}

const tagsKey = (tags: Tags) => JSON.stringify(Object.entries(tags).sort())

/** The newest values of the fields that match, at most `limit`. */
export function lastValuesOf(last: LastValues, isMatch: (field: SeriesField) => boolean, limit: number): LastValue[] {
  const found: LastValue[] = []
  for (const field of last.fields) {
    if (found.length >= limit) break
    if (field === undefined || !isMatch(field) || Number.isNaN(last.numbers[field.id])) continue
    const { id, series, name, type } = field
    const timeMs = last.times[id] as number
    const value = type === 'string' ? (last.texts.get(id) ?? '') : (last.numbers[id] as number)
    if (timeMs > Number.NEGATIVE_INFINITY) found.push({ measurement: series.measurement, tags: series.tags, field: name, timeMs, value })
  }
  return found
}
