import type { FieldType, Series, SeriesField } from '../model/point.ts'
import { addBytes, type ByteTable, createByteTable, findBytes, grown, hashBytes } from './byte-table.ts'
import { escapeKey, unescapeName } from './escape.ts'

/**
 * The fields of every series.
 *
 * A slot is one field name of one series; the field itself also has a type. Slots know which slot
 * followed them last time, so a sender that keeps its order of fields pays one comparison a field.
 */
export type FieldTable = {
  readonly fields: SeriesField[]
  /** Field names as line protocol spells them; a name has one spelling only. */
  readonly names: ByteTable
  readonly nameTexts: string[]
  readonly namesByText: Map<string, number>
  slotCount: number
  slotNames: Int32Array
  slotSeries: Int32Array
  /** The slot that came next, plus one; of a series, the slot that came first, plus one. */
  nextSlots: Int32Array
  firstSlots: Int32Array
  /** Five for each slot, by `fieldTypes`: the id of the field, plus one. */
  slotFields: Int32Array
  /** Slot plus one, by series and name. A power of two long, at most half full. */
  places: Int32Array
}

/** The order of types in `slotFields`. */
export const fieldTypes = ['float', 'integer', 'unsigned', 'boolean', 'string'] as const satisfies readonly FieldType[]
export const floatType = 0
export const integerType = 1
export const unsignedType = 2
export const booleanType = 3
export const stringType = 4

export function createFieldTable(): FieldTable {
  return {
    fields: [],
    names: createByteTable(),
    nameTexts: [],
    namesByText: new Map(),
    slotCount: 0,
    slotNames: new Int32Array(32),
    slotSeries: new Int32Array(32),
    nextSlots: new Int32Array(32),
    firstSlots: new Int32Array(32),
    slotFields: new Int32Array(32 * fieldTypes.length),
    places: new Int32Array(64),
  }
}

/** The number of a field name, spelled `bytes[from, to)`. */
export function nameOf(table: FieldTable, bytes: Uint8Array, from: number, to: number): number {
  const hash = hashBytes(bytes, from, to)
  const known = findBytes(table.names, bytes, from, to, hash)
  if (known >= 0) return known
  table.nameTexts.push(unescapeName(Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8')))
  return addBytes(table.names, bytes, from, to, hash)
}

/** The number of a field name as it is meant, without escapes. */
export function nameOfText(table: FieldTable, text: string): number {
  const known = table.namesByText.get(text)
  if (known !== undefined) return known
  const bytes = new Uint8Array(Buffer.from(escapeKey(text)))
  const name = nameOf(table, bytes, 0, bytes.length)
  table.namesByText.set(text, name)
  return name
}

const placeOf = (series: number, name: number, mask: number) => {
  const mixed = Math.imul(series, 0x9e3779b1) ^ Math.imul(name, 0x85ebca6b)
  return (mixed ^ (mixed >>> 15)) & mask
}

/** The slot of a name in a series. */
export function slotOf(table: FieldTable, series: number, name: number): number {
  const mask = table.places.length - 1
  let place = placeOf(series, name, mask)
  for (; table.places[place] !== 0; place = (place + 1) & mask) {
    const slot = (table.places[place] as number) - 1
    if (table.slotSeries[slot] === series && table.slotNames[slot] === name) return slot
  }
  const slot = table.slotCount++
  if (slot === table.slotNames.length) growSlots(table)
  table.slotNames[slot] = name
  table.slotSeries[slot] = series
  putInPlace(table, slot)
  return slot
}

function putInPlace(table: FieldTable, slot: number): void {
  const mask = table.places.length - 1
  let place = placeOf(table.slotSeries[slot] as number, table.slotNames[slot] as number, mask)
  while (table.places[place] !== 0) place = (place + 1) & mask
  table.places[place] = slot + 1
}

function growSlots(table: FieldTable): void {
  const capacity = table.slotNames.length * 2
  table.slotNames = grown(table.slotNames, capacity)
  table.slotSeries = grown(table.slotSeries, capacity)
  table.nextSlots = grown(table.nextSlots, capacity)
  table.slotFields = grown(table.slotFields, capacity * fieldTypes.length)
  table.places = new Int32Array(capacity * 2)
  for (let slot = 0; slot < table.slotCount - 1; slot++) putInPlace(table, slot)
}

/** The id of a slot's field of one type. */
export function fieldIdOf(table: FieldTable, slot: number, type: number, series: readonly Series[]): number {
  const known = table.slotFields[slot * fieldTypes.length + type] as number
  return known === 0 ? addField(table, slot, type, series) : known - 1
}

function addField(table: FieldTable, slot: number, type: number, series: readonly Series[]): number {
  const id = table.fields.length
  table.fields.push({
    id,
    series: series[table.slotSeries[slot] as number] as Series,
    name: table.nameTexts[table.slotNames[slot] as number] as string,
    type: fieldTypes[type] as FieldType,
  })
  table.slotFields[slot * fieldTypes.length + type] = id + 1
  return id
}

/** Remembers which slot of a series comes first, and which follows which. `before` is -1 for the first. */
export function rememberOrder(table: FieldTable, series: number, before: number, slot: number): void {
  if (before >= 0) {
    table.nextSlots[before] = slot + 1
    return
  }
  while (series >= table.firstSlots.length) table.firstSlots = grown(table.firstSlots, table.firstSlots.length * 2)
  table.firstSlots[series] = slot + 1
}

/** The slot that is likely to come after `before`, or first when that is -1; -1 when nobody knows. */
export function likelySlot(table: FieldTable, series: number, before: number): number {
  if (before >= 0) return (table.nextSlots[before] as number) - 1
  return series < table.firstSlots.length ? (table.firstSlots[series] as number) - 1 : -1
}
