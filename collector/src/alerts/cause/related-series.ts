import { AppError } from '../../lib/errors.ts'
import type { Tags } from '../../model/point.ts'
import type { Frame } from '../../model/query.ts'
import type { Store } from '../../model/store.ts'
import { untilAborted } from '../rules/samples/past.ts'
import type { Line } from './onset.ts'

export type SearchStore = Pick<Store, 'query' | 'measurements' | 'fields' | 'tags'>

/** One field of one series, at even times. */
export type Candidate = { readonly measurement: string; readonly field: string; readonly labels: Tags; readonly line: Line }

/** Labels that say where something runs. Two series that agree in them may have to do with each other. */
const placeLabels = [
  ...['service', 'component', 'host', 'instance', 'node', 'pod', 'container', 'database', 'queue'],
  ...['region', 'zone', 'cluster', 'environment'],
]
/** What the collector writes about alerts and changes follows from them. */
const ownMeasurements: ReadonlySet<string> = new Set(['alert_events', 'deployments', 'deployment_steps'])
const numbers: ReadonlySet<string> = new Set(['float', 'integer', 'unsigned'])

export const bucketMs = 30_000
const measurementsMax = 60
const fieldsMax = 20
const seriesPerQueryMax = 100
export const seriesMax = 500

export type RelatedOptions = {
  readonly store: SearchStore
  readonly labels: Tags
  /** Read before all others. */
  readonly first: readonly string[]
  readonly range: { readonly from: number; readonly to: number }
  readonly signal: AbortSignal
}

/**
 * The series that share a place with an alert, one measurement after the other, at most 500.
 *
 * It asks one question at a time and ends when it is told to; what cannot be read is left out, for a
 * cause is a help and nothing waits for it.
 */
export async function* relatedSeries(options: RelatedOptions): AsyncGenerator<Candidate> {
  const { store, labels, first, signal } = options
  const places = placeLabels.filter((label) => labels[label])
  if (places.length === 0) return
  const all = await untilAborted(store.measurements(signal), signal)
  const known = [...first.filter((name) => all.includes(name)), ...all.filter((name) => !first.includes(name))]
  let left = seriesMax
  for (const measurement of known.filter((name) => !ownMeasurements.has(name)).slice(0, measurementsMax)) {
    if (left <= 0 || signal.aborted) return
    const found = await readMeasurement(measurement, places, options)
    for (const candidate of found.slice(0, left)) yield candidate
    left -= found.length
  }
}

async function readMeasurement(measurement: string, places: readonly string[], options: RelatedOptions): Promise<readonly Candidate[]> {
  const { store, labels, range, signal } = options
  try {
    const tags = await untilAborted(store.tags(measurement, signal), signal)
    const shared = places.filter((label) => tags.includes(label))
    if (shared.length === 0) return []
    const fields = await untilAborted(store.fields(measurement, signal), signal)
    const names = fields.flatMap(({ name, type }) => (numbers.has(type) ? [name] : [])).slice(0, fieldsMax)
    if (names.length === 0) return []
    const where = shared.map((tag) => ({ tag, op: '=' as const, value: labels[tag] ?? '' }))
    const shape = { aggregate: 'mean', everyMs: bucketMs, fill: 'none', limit: 10_000, seriesMax: seriesPerQueryMax } as const
    const ask = (groupBy: readonly string[]) =>
      untilAborted(store.query({ measurement, fields: names, where, groupBy, ...shape }, range, signal), signal)
    // Too many to look at one by one are looked at as one.
    const frames = await ask(tags).catch((thrown) => (isTooMany(thrown) ? ask(shared) : Promise.reject(thrown)))
    return frames.flatMap((frame) => candidatesOf(measurement, names, frame))
  } catch {
    return []
  }
}

const isTooMany = (thrown: unknown): boolean => thrown instanceof AppError && thrown.code === 'QUERY_TOO_MANY_SERIES'

function candidatesOf(measurement: string, names: readonly string[], frame: Frame): Candidate[] {
  const times = (frame.fields.find(({ type }) => type === 'time')?.values ?? []) as readonly number[]
  const labels = Object.fromEntries(Object.entries(frame.labels).filter(([, value]) => value !== ''))
  return frame.fields
    .filter(({ type }) => type !== 'time')
    .map(({ values }, column) => {
      const rows = times.flatMap((timeMs, row) => (typeof values[row] === 'number' ? [{ timeMs, value: values[row] }] : []))
      const line = { times: rows.map(({ timeMs }) => timeMs), values: rows.map(({ value }) => value) }
      return { measurement, field: names[column] ?? '', labels, line }
    })
}
