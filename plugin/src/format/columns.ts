import type { DataFrame, Field, LinkModel } from '@grafana/data'

/** Reads a frame's columns by name; a missing one reads as undefined in every row. */
export function createColumns(frame: DataFrame) {
  const byName = new Map(frame.fields.map((field) => [field.name, field]))
  const at = (name: string, row: number): unknown => byName.get(name)?.values[row]
  return {
    has: (...names: string[]) => names.every((name) => byName.has(name)),
    field: (name: string): Field | undefined => byName.get(name),
    text: (name: string, row: number): string => {
      const value = at(name, row)
      return value === null || value === undefined ? '' : String(value)
    },
    number: (name: string, row: number): number | null => {
      const value = at(name, row)
      return typeof value === 'number' && Number.isFinite(value) ? value : null
    },
    /** Null where there is none. */
    value: (name: string, row: number): unknown => at(name, row) ?? null,
    /** Texts that were joined by ", ". */
    list: (name: string, row: number): string[] => {
      const value = at(name, row)
      return typeof value === 'string' && value !== '' ? value.split(', ') : []
    },
    flag: (name: string, row: number): boolean => at(name, row) === true,
    /** Milliseconds since 1970 of a time column, or of RFC 3339 text. */
    time: (name: string, row: number): number | null => toMillis(at(name, row)),
    /** What the text of a JSON column holds; the fallback when it is no JSON. */
    json: <T>(name: string, row: number, fallback: T): T => parseJson(at(name, row), fallback),
    /** The data links of a row, of all its fields, each address once. */
    links: (row: number): LinkModel[] => linksOf(frame, row),
  }
}

export type Columns = ReturnType<typeof createColumns>

function toMillis(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'string' || value === '') return null
  const parsed = Date.parse(value)
  return Number.isNaN(parsed) ? null : parsed
}

function parseJson<T>(value: unknown, fallback: T): T {
  if (typeof value === 'object' && value !== null) return value as T
  if (typeof value !== 'string' || value === '') return fallback
  try {
    return JSON.parse(value) as T
  } catch {
    return fallback
  }
}

function linksOf(frame: DataFrame, row: number): LinkModel[] {
  const byAddress = new Map<string, LinkModel>()
  for (const field of frame.fields) {
    if (!field.config.links?.length) continue
    for (const link of field.getLinks?.({ valueRowIndex: row }) ?? []) byAddress.set(`${link.title} ${link.href}`, link)
  }
  return [...byAddress.values()]
}
