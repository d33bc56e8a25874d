import type { Series, SeriesField, Tags } from '../model/point.ts'
import { addBytes, type ByteTable, createByteTable, grown, hashBytes } from './byte-table.ts'
import { cardinalitySentence } from './cardinality.ts'
import { escapeKey, escapeMeasurement } from './escape.ts'
import { createFieldTable, type FieldTable } from './field-table.ts'

/**
 * Every series and field this process has met, with their numbers.
 *
 * `spellings` remembers series by the very bytes they were sent as, so that tags are parsed and
 * sorted once for each spelling; equal series in another order of tags meet in `byKey`.
 */
export type SeriesTable = {
  readonly series: Series[]
  readonly byKey: Map<string, number>
  readonly fields: FieldTable
  readonly seriesMax: number
  spellings: ByteTable
  seriesOfSpelling: Int32Array
  /** The spelling that came after this one last time, plus one: most senders keep their order. */
  nextSpellings: Int32Array
  /** Spellings that InfluxDB takes and then cannot find again: their lines are written anew. */
  readonly unsafeSpellings: Set<number>
  /** Why a measurement may have no more series: worked out once, because it counts. */
  readonly fullSentences: Map<string, string>
}

/** One series beyond this is refused, unless told otherwise: about a gigabyte of names. */
export const seriesMaxDefault = 1_000_000

const spellingsPerSeries = 4

export function createSeriesTable({ seriesMax = seriesMaxDefault }: { seriesMax?: number } = {}): SeriesTable {
  return {
    series: [],
    byKey: new Map(),
    fields: createFieldTable(),
    seriesMax,
    spellings: createByteTable(),
    seriesOfSpelling: new Int32Array(32),
    nextSpellings: new Int32Array(32),
    unsafeSpellings: new Set(),
    fullSentences: new Map(),
  }
}

/** The number of a series; a sentence when it would be one too many. */
export function seriesOf(table: SeriesTable, measurement: string, tags: Tags): number | string {
  const keys = Object.keys(tags).sort()
  const key = [escapeMeasurement(measurement), ...keys.map((name) => `${escapeKey(name)}=${escapeKey(tags[name] as string)}`)].join(',')
  const known = table.byKey.get(key)
  if (known !== undefined) return known
  const id = table.series.length
  if (id >= table.seriesMax) return fullSentence(table, measurement)
  table.series.push({ id, measurement, tags: Object.fromEntries(keys.map((name) => [name, tags[name] as string])), key })
  table.byKey.set(key, id)
  return id
}

function fullSentence(table: SeriesTable, measurement: string): string {
  const known = table.fullSentences.get(measurement)
  if (known !== undefined) return known
  const sentence = cardinalitySentence(table.series, measurement, table.seriesMax)
  table.fullSentences.set(measurement, sentence)
  return sentence
}

/** The number of a spelling; it stands for the series from now on. */
export function addSpelling(table: SeriesTable, bytes: Uint8Array, from: number, to: number, series: number): number {
  // Spellings are only a memory of work done. Forgetting them all bounds what shuffled tags can cost.
  if (table.spellings.count >= spellingsPerSeries * table.seriesMax) {
    table.spellings = createByteTable()
    table.nextSpellings.fill(0)
    table.unsafeSpellings.clear()
  }
  const spelling = addBytes(table.spellings, bytes, from, to, hashBytes(bytes, from, to))
  if (spelling >= table.seriesOfSpelling.length) {
    table.seriesOfSpelling = grown(table.seriesOfSpelling, 2 * spelling)
    table.nextSpellings = grown(table.nextSpellings, 2 * spelling)
  }
  table.seriesOfSpelling[spelling] = series
  return spelling
}

/** The field behind an id; ids come from this table, so one it does not know is a programmer's error. */
export function fieldOf(table: SeriesTable, id: number): SeriesField {
  const field = table.fields.fields[id]
  if (field === undefined) throw new Error(`no series field has the id ${id}`)
  return field
}
