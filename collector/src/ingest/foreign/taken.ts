import type { Point } from '../../model/point.ts'

/** What another system's body holds: points, and why some of its entries are none. */
export type Taken = { readonly points: Point[]; readonly refused: string[] }

type Read = (entry: Record<string, unknown>) => Point[] | string

/** Reads a list of entries, or a single one; one that cannot be read is refused alone, by its place. */
export function takeEntries(parsed: unknown, read: Read): Taken {
  const taken: Taken = { points: [], refused: [] }
  for (const [index, entry] of (Array.isArray(parsed) ? parsed : [parsed]).entries()) {
    const points = isRecord(entry) ? read(entry) : 'is no object'
    if (typeof points === 'string') taken.refused.push(`entry ${index}: ${points}`)
    else taken.points.push(...points)
  }
  return taken
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A number, or text that is one; undefined for anything else. */
export function toNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

/** Tags of text or numbers; a sentence for anything else. */
export function toTags(value: unknown): Record<string, string> | string {
  if (value === undefined) return {}
  if (!isRecord(value)) return 'its tags are no object'
  const odd = Object.entries(value).find(([, tag]) => typeof tag !== 'string' && typeof tag !== 'number')
  return odd ? `its tag "${odd[0]}" is no text` : Object.fromEntries(Object.entries(value).map(([name, tag]) => [name, String(tag)]))
}

/** Beyond this a number of seconds would lie after the year 5138: it counts milliseconds. */
const secondsMax = 1e11

/** Seconds, with a fraction, or milliseconds since 1970, told apart by their size. */
export function toTimeNs(time: number): bigint {
  return BigInt(Math.round(Math.abs(time) > secondsMax ? time : time * 1000)) * 1_000_000n
}
