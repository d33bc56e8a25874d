import type { DuckDBConnection } from '@duckdb/node-api'
import type { Interval } from '../../shared/rollups/intervals.ts'
import { levels } from '../../shared/rollups/levels.ts'
import type { States } from './coverage.ts'

/** What the database says of its roll-ups. */
export type Stored = { readonly states: States; readonly rawFromMs: number; readonly dirty: readonly number[] }

const raw = 'raw'

export async function loadStates(connection: DuckDBConnection): Promise<Stored> {
  const rows = (await connection.runAndReadAll('SELECT level, examined, covered FROM rollup_state')).getRowsJS()
  const byLevel = new Map(rows.map(([level, examined, covered]) => [String(level), { examined, covered }]))
  const dirty = (await connection.runAndReadAll('SELECT DISTINCT unit FROM rollup_dirty')).getRowsJS()
  const numberOf = (value: unknown) => (value === null || value === undefined ? undefined : Number(value))
  return {
    states: new Map(
      levels.map(({ name }) => {
        const row = byLevel.get(name)
        return [name, { examinedMs: numberOf(row?.examined), covered: JSON.parse(String(row?.covered ?? '[]')) as readonly Interval[] }]
      }),
    ),
    rawFromMs: numberOf(byLevel.get(raw)?.examined) ?? Number.NEGATIVE_INFINITY,
    dirty: dirty.map(([unit]) => Number(unit)),
  }
}

/** The rows of all levels are written anew: they are few. */
export async function saveStates(connection: DuckDBConnection, states: States): Promise<void> {
  await connection.run(`DELETE FROM rollup_state WHERE level <> '${raw}'`)
  for (const [level, { examinedMs, covered }] of states) {
    await connection.run(`INSERT INTO rollup_state VALUES ('${level}', ${examinedMs ?? 'NULL'}, '${JSON.stringify(covered)}')`)
  }
}

/** Says that values before this time may be gone, before they are. */
export async function saveRawFrom(connection: DuckDBConnection, rawFromMs: number): Promise<void> {
  await connection.run(`DELETE FROM rollup_state WHERE level = '${raw}'; INSERT INTO rollup_state VALUES ('${raw}', ${rawFromMs}, '[]')`)
}

export async function saveDirty(connection: DuckDBConnection, units: Iterable<number>): Promise<void> {
  await connection.run(`INSERT INTO rollup_dirty VALUES ${[...units].map((unit) => `(${unit})`).join(', ')}`)
}

export async function deleteDirty(connection: DuckDBConnection, units: readonly number[]): Promise<void> {
  if (units.length > 0) await connection.run(`DELETE FROM rollup_dirty WHERE unit IN (${units.join(', ')})`)
}
