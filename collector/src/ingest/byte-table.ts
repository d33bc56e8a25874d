/**
 * Numbers byte strings in the order of their first appearance: equal bytes, equal number.
 *
 * Open addressing over one arena, so that a lookup on the hot path makes no string and no object.
 */
export type ByteTable = {
  /** How many byte strings are in the table. */
  count: number
  /** Entry number plus one; zero is free. A power of two long, at most half full. */
  slots: Int32Array
  hashes: Int32Array
  starts: Int32Array
  lengths: Int32Array
  arena: Uint8Array
  arenaLength: number
}

export function createByteTable(): ByteTable {
  return {
    count: 0,
    slots: new Int32Array(64),
    hashes: new Int32Array(32),
    starts: new Int32Array(32),
    lengths: new Int32Array(32),
    arena: new Uint8Array(1024),
    arenaLength: 0,
  }
}

/** Four bytes a step: the multiplications wait for each other, so there should be few of them. */
export function hashBytes(bytes: Uint8Array, from: number, to: number): number {
  let hash = to - from
  let at = from
  for (; at + 4 <= to; at += 4) hash = mixWord(hash, wordAt(bytes, at))
  for (; at < to; at++) hash = mixWord(hash, bytes[at] as number)
  return hash
}

const wordAt = (bytes: Uint8Array, at: number) =>
  (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24)

const mixWord = (hash: number, word: number) => {
  const mixed = Math.imul(hash ^ word, 0x9e3779b1)
  return mixed ^ (mixed >>> 15)
}

/** The number of `bytes[from, to)`, or -1. `hash` is that of the same bytes. */
export function findBytes(table: ByteTable, bytes: Uint8Array, from: number, to: number, hash: number): number {
  const { slots, hashes } = table
  const mask = slots.length - 1
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const entry = (slots[slot] as number) - 1
    if (entry < 0) return -1
    if (hashes[entry] === hash && isEntry(table, entry, bytes, from, to)) return entry
  }
}

/** Whether entry number `entry` is `bytes[from, to)`. */
export function isEntry(table: ByteTable, entry: number, bytes: Uint8Array, from: number, to: number): boolean {
  return table.lengths[entry] === to - from && startsWithEntry(table, entry, bytes, from)
}

/** Whether entry number `entry` stands in `bytes` at `from`. May look past the end of `bytes` only when that ends within the entry. */
export function startsWithEntry(table: ByteTable, entry: number, bytes: Uint8Array, from: number): boolean {
  const { arena } = table
  const start = table.starts[entry] as number
  const length = table.lengths[entry] as number
  if (from + length > bytes.length) return false
  for (let at = 0; at < length; at++) {
    if (arena[start + at] !== bytes[from + at]) return false
  }
  return true
}

/** Adds `bytes[from, to)`, which must not be there yet, and returns its number. */
export function addBytes(table: ByteTable, bytes: Uint8Array, from: number, to: number, hash: number): number {
  const entry = table.count
  if (entry === table.hashes.length) growEntries(table)
  growArena(table, to - from)
  table.hashes[entry] = hash
  table.starts[entry] = table.arenaLength
  table.lengths[entry] = to - from
  table.arena.set(bytes.subarray(from, to), table.arenaLength)
  table.arenaLength += to - from
  table.count++
  place(table.slots, hash, entry)
  return entry
}

function place(slots: Int32Array, hash: number, entry: number): void {
  const mask = slots.length - 1
  let slot = hash & mask
  while (slots[slot] !== 0) slot = (slot + 1) & mask
  slots[slot] = entry + 1
}

function growEntries(table: ByteTable): void {
  const capacity = table.hashes.length * 2
  table.hashes = grown(table.hashes, capacity)
  table.starts = grown(table.starts, capacity)
  table.lengths = grown(table.lengths, capacity)
  table.slots = new Int32Array(capacity * 2)
  for (let entry = 0; entry < table.count; entry++) place(table.slots, table.hashes[entry] as number, entry)
}

function growArena(table: ByteTable, more: number): void {
  let capacity = table.arena.length
  while (table.arenaLength + more > capacity) capacity *= 2
  if (capacity === table.arena.length) return
  const arena = new Uint8Array(capacity)
  arena.set(table.arena)
  table.arena = arena
}

/** A longer copy, zero behind the old end. */
export function grown(array: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(capacity)
  longer.set(array)
  return longer
}
