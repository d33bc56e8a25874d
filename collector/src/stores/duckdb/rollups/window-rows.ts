import type { DuckDBConnection } from '@duckdb/node-api'
import type { FieldType } from '../../../model/point.ts'
import type { Level } from '../../shared/rollups/levels.ts'
import type { Segment } from '../../shared/rollups/segments.ts'
import type { RelationOf, Wanted as Values } from '../relation.ts'
import { tableOf } from './table-of.ts'

/** The columns of a window, as SQL over a level's table. A raw value is a window of its own. */
const ofLevel = {
  fid: 'fid',
  time: 'time',
  count: 'count',
  sum: 'sum',
  min: 'min',
  max: 'max',
  first: '"first"',
  first_time: 'time + first_after',
  last: '"last"',
  last_time: 'time + last_after',
  increase: 'increase',
} as const

export type WindowColumn = keyof typeof ofLevel

const ofRaw: Readonly<Record<WindowColumn, string>> = {
  fid: 'fid',
  time: 'time',
  count: '1',
  sum: 'value::DOUBLE',
  min: 'value::DOUBLE',
  max: 'value::DOUBLE',
  first: 'value::DOUBLE',
  first_time: 'time',
  last: 'value::DOUBLE',
  last_time: 'time',
  increase: '0.0',
}

export const toNs = (ms: number) => BigInt(ms) * 1_000_000n

/** Beyond this many stretches of one level they are read as one, each row compared with all of them. */
const branchesMax = 4

type Wanted = Omit<Values, 'type' | 'range'> & { readonly types: readonly FieldType[]; readonly columns: readonly WindowColumn[] }

/** SQL for the windows of these segments, as a relation in parentheses. */
export async function windowRows(
  { connection, relationOf }: { connection: DuckDBConnection; relationOf: RelationOf },
  segments: readonly Segment[],
  { types, columns, ...fields }: Wanted,
): Promise<string> {
  const parts: string[] = []
  const list = (names: Readonly<Record<WindowColumn, string>>) => columns.map((name) => `${names[name]} AS "${name}"`).join(', ')
  for (const { level, stretches } of byLevel(segments)) {
    const where = withinAny(stretches)
    if (level) {
      parts.push(`SELECT ${list(ofLevel)} FROM "${tableOf(level)}" WHERE ${where}`)
      continue
    }
    const range = { from: stretches[0]?.from ?? 0, to: stretches.at(-1)?.to ?? 0 }
    for (const type of types) {
      const { sql } = await relationOf(connection, { type, range, ...fields })
      parts.push(`SELECT ${list(ofRaw)} FROM ${sql} WHERE ${where}`)
    }
  }
  return `(${parts.join(' UNION ALL ')})`
}

/** Stretches that are read together: each for itself, so that DuckDB skips what lies between, unless they are many. */
function byLevel(segments: readonly Segment[]): { level: Level | undefined; stretches: readonly Segment[] }[] {
  const found = new Map<Level | undefined, Segment[]>()
  for (const segment of segments) found.set(segment.level, [...(found.get(segment.level) ?? []), segment])
  return [...found].flatMap(([level, stretches]) =>
    stretches.length > branchesMax ? [{ level, stretches }] : stretches.map((one) => ({ level, stretches: [one] })),
  )
}

function withinAny(stretches: readonly Segment[]): string {
  const bounds = (from: number, to: number) => `time >= ${toNs(from)} AND time < ${toNs(to)}`
  const whole = bounds(stretches[0]?.from ?? 0, stretches.at(-1)?.to ?? 0)
  return stretches.length === 1 ? whole : `${whole} AND (${stretches.map(({ from, to }) => bounds(from, to)).join(' OR ')})`
}
