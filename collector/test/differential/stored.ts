import type { ReadPoint } from '../../src/ingest/read-batch.ts'
import type { FieldType } from '../../src/model/point.ts'
import type { Store } from '../../src/model/store.ts'

/** Stored values as text, one for each field of each point: `measurement | tags | field | type | value | time`. */
export type Stored = ReadonlySet<string>

/** Times that a server gave: both gave theirs, a moment apart. */
export type Window = { readonly fromNs: bigint; readonly toNs: bigint }

type Value = {
  readonly measurement: string
  readonly tags: Readonly<Record<string, string>>
  readonly field: string
  readonly type: string
  /** As the source wrote it; floats in any spelling. */
  readonly text: string
  readonly timeNs: bigint
}

export function toText({ measurement, tags, field, type, text, timeNs }: Value, { fromNs, toNs }: Window): string {
  const time = timeNs >= fromNs && timeNs <= toNs ? 'now' : String(timeNs)
  const sorted = Object.entries(tags)
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const value = type === 'float' ? floatText(Number(text)) : text
  return JSON.stringify([measurement, Object.fromEntries(sorted), field, type, value, time])
}

const floatText = (value: number) => (Object.is(value, -0) ? '-0' : String(value))

/** What a batch leaves in a store: the last value of a field that stands twice. */
export function storedOf(points: readonly ReadPoint[], window: Window): Map<string, Stored> {
  const last = new Map<string, Map<string, string>>()
  for (const { measurement, tags, fields, timeNs } of points) {
    for (const { name, type, value } of fields) {
      const text = textOf(value)
      const place = JSON.stringify([tags, name, String(timeNs)])
      const ofMeasurement = last.get(measurement) ?? new Map<string, string>()
      last.set(measurement, ofMeasurement)
      ofMeasurement.set(place, toText({ measurement, tags, field: name, type, text, timeNs }, window))
    }
  }
  return new Map([...last].map(([measurement, values]) => [measurement, new Set(values.values())]))
}

/** Queries reach to the years 1684 and 2255; points may lie a little beyond. */
const queryableMs = 9_000_000_000_000

/** What a store answers for some measurements, with times in milliseconds: a frame has no finer ones. */
export async function readStore(store: Store, measurements: readonly string[], window: Window): Promise<Map<string, Stored>> {
  const found = new Map<string, Stored>()
  const range = { from: -queryableMs, to: queryableMs }
  for (const measurement of measurements) {
    const fields = await store.fields(measurement)
    const groupBy = await store.tags(measurement)
    const names = fields.map(({ name }) => name)
    const query = { measurement, fields: names, groupBy, aggregate: 'none', where: [], fill: 'none', limit: 1000, seriesMax: 1000 } as const
    const values = (await store.query(query, range)).flatMap(({ labels, fields: [time, ...columns] }) =>
      columns.flatMap(({ name: field, values: column }) =>
        column.flatMap((value, index) => {
          const type = fields.find(({ name }) => name === field)?.type ?? 'unknown'
          const timeNs = BigInt(Number(time?.values[index])) * nsPerMs
          return value === null ? [] : [toText({ measurement, tags: labels, field, type, text: textOf(value), timeNs }, window)]
        }),
      ),
    )
    found.set(measurement, new Set(values))
  }
  return found
}

const textOf = (value: unknown) => (typeof value === 'number' ? floatText(value) : String(value))

const nsPerMs = 1_000_000n

/** The points as `readStore` can see them: with times cut to whole milliseconds. */
export const asQueried = (points: readonly ReadPoint[]): ReadPoint[] =>
  points
    .map((point) => ({ ...point, timeNs: point.timeNs - (((point.timeNs % nsPerMs) + nsPerMs) % nsPerMs) }))
    .filter(({ timeNs }) => timeNs / nsPerMs < queryableMs && timeNs / nsPerMs >= -queryableMs)

type Series = { name: string; tags?: Record<string, string>; columns: string[]; values: (string | null)[][] }
type Answer = { results?: { series?: Series[]; error?: string }[]; error?: string }

/** Asks InfluxDB, with every number as the text it was sent as. */
async function ask(url: string, database: string, statements: readonly string[]): Promise<Series[][]> {
  const body = new URLSearchParams({ db: database, epoch: 'ns', q: statements.join(';') })
  const answer = await fetch(`${url}/query`, { method: 'POST', body })
  const keepText = (_: string, value: unknown, { source }: { source?: string }) => (typeof value === 'number' ? source : value)
  const { results = [], error } = JSON.parse(await answer.text(), keepText as never) as Answer
  const problem = error ?? results.find((result) => result.error)?.error
  if (problem) throw new Error(problem)
  return results.map(({ series = [] }) => series)
}

/** Names with characters that InfluxQL cannot quote are found by a pattern with a dot for each of them. */
function selectAll(measurement: string): string {
  if (!/[\p{Cc}\ufffd]/u.test(measurement)) return `SELECT *::field FROM "${measurement.replace(/[\\"]/g, '\\$&')}" GROUP BY *`
  const pattern = measurement.replace(/[.*+?^${}()|[\]/\\-]/g, '\\$&').replace(/[\p{Cc}\ufffd]/gu, '(?s).')
  return `SELECT *::field FROM /^${pattern}$/ GROUP BY *`
}

const statementsAtOnce = 200

/** Everything that lies in a database of InfluxDB, by measurement. Asked one by one: over several, it would cast one type to another. */
export async function readInfluxd(url: string, database: string, window: Window): Promise<Map<string, Stored>> {
  const [keys = []] = await ask(url, database, ['SHOW FIELD KEYS'])
  const types = new Map(keys.map(({ name, values }) => [name, new Map(values as [string, FieldType][])]))
  const found = new Map<string, Set<string>>()
  const names = [...types.keys()]
  for (let at = 0; at < names.length; at += statementsAtOnce) {
    const answers = await ask(url, database, names.slice(at, at + statementsAtOnce).map(selectAll))
    for (const [index, series] of answers.entries()) {
      for (const one of series.filter(({ name }) => name === names[at + index])) addSeries(found, one, types, window)
    }
  }
  return found
}

function addSeries(
  found: Map<string, Set<string>>,
  { name, tags = {}, columns, values }: Series,
  types: ReadonlyMap<string, ReadonlyMap<string, FieldType>>,
  window: Window,
): void {
  const ofMeasurement = found.get(name) ?? new Set()
  found.set(name, ofMeasurement)
  for (const [time, ...row] of values) {
    row.forEach((text, index) => {
      if (text === null) return
      const field = columns[index + 1] as string
      const type = types.get(name)?.get(field) ?? 'unknown'
      const value = { measurement: name, tags, field, type, text: String(text), timeNs: BigInt(time as string) }
      ofMeasurement.add(toText(value, window))
    })
  }
}
