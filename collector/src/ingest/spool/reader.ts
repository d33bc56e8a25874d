import type { SpoolRecord } from './record.ts'
import { readSegment, type Segment } from './segment.ts'

/** A record with its place, which names it for ever. */
export type Kept = SpoolRecord & { readonly id: string; readonly segment: Segment }

type Ends = { readonly seal: (segment: Segment) => Promise<void>; readonly discard: (segment: Segment) => Promise<void> }

/** Reads segments from the front of a list, and takes them off it when all their records were dropped. */
export function createReader(segments: Segment[], { seal, discard }: Ends) {
  const loaded: Kept[] = []
  let unread = 0

  async function loadNext(): Promise<void> {
    const segment = segments[unread]
    if (!segment) return
    await seal(segment)
    const { records, damagedBytes } = await readSegment(segment)
    segment.damagedBytes = damagedBytes
    segment.left = records.length
    unread++
    for (const [index, record] of records.entries()) loaded.push({ ...record, id: `${segment.number}-${index + 1}`, segment })
    if (records.length === 0) await remove(segment)
  }

  async function remove(segment: Segment): Promise<void> {
    segments.splice(segments.indexOf(segment), 1)
    unread--
    await discard(segment)
  }

  return {
    /** The oldest records, at least one if there is any, and no more than fill so many bytes. */
    async peek(payloadBytesMax: number): Promise<readonly Kept[]> {
      while (loaded.length === 0 && segments.length > 0) await loadNext()
      let bytes = 0
      let count = 0
      while (count < loaded.length && (count === 0 || bytes < payloadBytesMax)) bytes += loaded[count++]?.payload.byteLength ?? 0
      return loaded.slice(0, count)
    },
    /** The record after the oldest. */
    async second(): Promise<Kept | undefined> {
      while (loaded.length < 2 && unread < segments.length) await loadNext()
      return loaded[1]
    },
    /** The oldest that is left, as far as it was read. */
    async drop(count: number): Promise<Kept | undefined> {
      for (const { segment } of loaded.splice(0, count)) if (--segment.left === 0) await remove(segment)
      return loaded[0]
    },
  }
}
