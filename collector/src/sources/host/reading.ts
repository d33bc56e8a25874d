import type { Clock } from '../../lib/clock.ts'
import type { FileSystemSizes } from '../../model/kinds.ts'
import type { Point } from '../../model/point.ts'

/** A point of this host before the host's name and the time are added. */
export type HostPoint = Pick<Point, 'measurement' | 'tags' | 'fields'>

/** One source of the host's figures: reads its files and remembers what it needs for rates. */
export type Gauge = (doors: GaugeDoors) => Promise<readonly HostPoint[]>

export type GaugeDoors = {
  readonly readFile: (path: string) => Promise<string>
  readonly statfs: (path: string) => Promise<FileSystemSizes>
  readonly clock: Clock
  /** Tells the log that something is left out, once for as long as it lasts. */
  readonly warn: (problem: string) => void
}

/** `key: 123 kB` or `key 123`, a line each, as in /proc/meminfo, vmstat and memory.stat. */
export function parseKeyed(text: string): ReadonlyMap<string, number> {
  const values = new Map<string, number>()
  for (const line of text.split('\n')) {
    const match = /^(\S+?):?\s+(\d+)/.exec(line)
    if (match?.[1] !== undefined) values.set(match[1], Number(match[2]))
  }
  return values
}

/** The rows of a table in /proc, split at white space, empty ones left out. */
export function parseRows(text: string): readonly (readonly string[])[] {
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((row) => row[0] !== '')
}

/** A share in percent, rounded to 1/10,000. Nothing is cut off: see `impossibleFields`. */
export function toPercent(part: number, whole: number): number {
  return Math.round((1_000_000 * part) / whole) / 10_000
}

/** The percentages of a point that cannot be: outside 0 to 100, or no number. One is a bug of ours or of the kernel. */
export function impossibleFields({ fields }: HostPoint): readonly string[] {
  return Object.entries(fields)
    .filter(([name, value]) => /^usage_|percent$/.test(name) && !(Number(value) >= 0 && Number(value) <= 100))
    .map(([name]) => name)
}

/** Counters and sizes are 64-bit integers, as Telegraf writes them. */
export function toIntegers(values: Readonly<Record<string, number | string | undefined>>): Record<string, bigint> {
  const integers: Record<string, bigint> = {}
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== '') integers[name] = BigInt(value)
  }
  return integers
}
