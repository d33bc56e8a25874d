import type { SeriesField } from '../model/point.ts'
import type { LastValue } from './live.ts'

/** The newest value of every series field, by the field's id. */
export type LastValues = {
  readonly fieldsMax: number
  fields: SeriesField[]
  times: Float64Array
  numbers: Float64Array
  readonly texts: Map<number, string>
}

export const createLastValues = (fieldsMax: number): LastValues => ({
  fieldsMax,
  fields: [],
  times: new Float64Array(256).fill(Number.NEGATIVE_INFINITY),
  numbers: new Float64Array(256),
  texts: new Map(),
})

/** Makes room for a field; ids beyond the limit are not kept. */
export function keepLast(last: LastValues, field: SeriesField): void {
  if (field.id >= last.fieldsMax) return
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
  last.texts.set(id, text)
}

/** The newest values of the fields that match, at most `limit`. */
export function lastValuesOf(last: LastValues, isMatch: (field: SeriesField) => boolean, limit: number): LastValue[] {
  const found: LastValue[] = []
  for (const field of last.fields) {
    if (found.length >= limit) break
    if (field === undefined || !isMatch(field)) continue
    const { id, series, name, type } = field
    const timeMs = last.times[id] as number
    const value = type === 'string' ? (last.texts.get(id) ?? '') : (last.numbers[id] as number)
    if (timeMs > Number.NEGATIVE_INFINITY) found.push({ measurement: series.measurement, tags: series.tags, field: name, timeMs, value })
  }
  return found
}
