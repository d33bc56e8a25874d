import type { DataFrame } from '@grafana/data'
import { createColumns } from '../../format/columns.ts'
import { type AlertRow, toEpisodeKey, toRow } from './view-model.ts'

/** One frame as it was read: its columns, and the row made of each place. */
type Read = { readonly values: readonly (readonly unknown[])[]; readonly rows: readonly AlertRow[] }

/**
 * Reads the rows of frames. A row whose cells are as they were in the frames before is the same object
 * again: of thousands of alerts a few change at a time, and nothing else is worked out anew.
 */
export function createRowReader(): (frames: readonly DataFrame[]) => AlertRow[] {
  let before: readonly Read[] = []
  return (frames) => {
    before = frames.map((frame, index) => readFrame(frame, before[index] ?? { values: [], rows: [] }))
    return before.flatMap(({ rows }) => rows)
  }
}

function readFrame(frame: DataFrame, before: Read): Read {
  const columns = createColumns(frame)
  const values = frame.fields.map((field) => field.values as readonly unknown[])
  if (!columns.has('id', 'rule', 'state')) return { values, rows: [] }
  const find = createFinder(before)
  const isSame = (place: number, old: number) =>
    values.length === before.values.length && values.every((column, at) => column[place] === before.values[at]?.[old])
  let next = 0
  const rows = Array.from({ length: frame.length }, (_none, place) => {
    // Rows mostly follow each other as they did before.
    if (next < before.rows.length && isSame(place, next)) return before.rows[next++] as AlertRow
    const row = toRow(columns, place)
    const old = find(row)
    if (old === undefined) return row
    next = old + 1
    return isSame(place, old) ? (before.rows[old] as AlertRow) : row
  })
  return { values, rows }
}

/** Finds the place of an episode in what was read before; the places are looked up once somebody asks. */
function createFinder({ rows }: Read): (row: AlertRow) => number | undefined {
  let places: Map<string, number> | undefined
  return (row) => {
    places ??= new Map(rows.map((known, place) => [toEpisodeKey(known), place]))
    return places.get(toEpisodeKey(row))
  }
}
