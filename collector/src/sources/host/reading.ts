import type { Point } from '../../model/point.ts'

/** A point of this host before the host's name and the time are added. */
export type HostPoint = Pick<Point, 'measurement' | 'tags' | 'fields'>

/** One source of the host's figures: reads its files and remembers what it needs for rates. */
export type Gauge = (doors: GaugeDoors) => Promise<readonly HostPoint[]>

export type GaugeDoors = {
  readonly readFile: (path: string) => Promise<string>
  readonly statfs: (path: string) => Promise<import('../../model/kinds.ts').FileSystemSizes>
  /** Milliseconds since 1970. */
  readonly nowMs: number
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

/** A share in percent, rounded to 1/10,000; undefined where the figures do not make one between 0 and 100. */
export function toPercent(part: number, whole: number): number | undefined {
  const percent = (100 * part) / whole
  if (!(percent >= 0 && percent <= 100.0001)) return undefined
  return Math.min(100, Math.round(percent * 10_000) / 10_000)
}

/** Counters and sizes are 64-bit integers, as Telegraf writes them. */
export function toIntegers(values: Readonly<Record<string, number | string | undefined>>): Record<string, bigint> {
  const integers: Record<string, bigint> = {}
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== '') integers[name] = BigInt(value)
  }
  return integers
}
