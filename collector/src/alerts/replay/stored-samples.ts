import type { Coarse } from '../../contract/replay.ts'
import { AppError } from '../../lib/errors.ts'
import type { Point, Tags } from '../../model/point.ts'
import type { Frame, FrameField, MetricsQuery, TimeRange } from '../../model/query.ts'
import type { SampleSelector } from '../rules/samples/samples.ts'
import type { PastStore } from './past-store.ts'

export type StoredSamplesOptions = {
  readonly store: PastStore
  readonly selectors: readonly SampleSelector[]
  readonly range: TimeRange
  readonly signal: AbortSignal
  /** Told of times of which only averages are kept; adjoining ones come one after the other. */
  readonly onCoarse: (coarse: Coarse) => void
  readonly onProgress: (done: number) => void
}

/** The points of one moment. */
export type Moment = { readonly timeMs: number; readonly points: readonly Point[]; readonly samples: number }

/** Samples that are held at once: the time that is read next is as long as that allows. */
const samplesAtOnce = 50_000
const [shortestMs, longestMs] = [60_000, 3_600_000]
const coarseMs = 60_000
const rowsMax = 100_000
const seriesMax = 20_000
const samplesMax = 20_000_000

/**
 * What rules look at, moment by moment, as the store has it.
 *
 * It is read in stretches of a minute to an hour, raw where raw samples are kept, so that a month takes
 * no more memory than a day. Where only roll-ups are left they are read as averages of a minute, each at
 * the end of its minute, when it was known.
 */
export async function* storedSamples(options: StoredSamplesOptions): AsyncGenerator<Moment> {
  const { range, onProgress } = options
  const readers = wantedOf(options.selectors).map((wanted) => createReader(wanted, options))
  let samples = 0
  let lengthMs = shortestMs
  for (let from = range.from; from < range.to; ) {
    const to = Math.min(range.to, Math.floor((from + lengthMs) / coarseMs) * coarseMs)
    const stretch = await readStretch(readers, { from, to })
    samples += stretch.samples
    if (samples > samplesMax)
      throw new AppError(
        'QUERY_INVALID',
        `The rules look at more than ${samplesMax} samples in this time. Replay less time, or fewer rules.`,
      )
    // The average of a minute that ends later was not known yet.
    for (const moment of momentsOf(stretch)) if (moment.timeMs < range.to) yield moment
    onProgress((to - range.from) / (range.to - range.from))
    const fitting = ((to - from) * samplesAtOnce) / Math.max(1, stretch.samples)
    lengthMs = Math.min(longestMs, Math.max(shortestMs, Math.min(fitting, lengthMs * 4)))
    from = to
  }
}

type Wanted = { readonly measurement: string; readonly fields: readonly (string | RegExp)[]; readonly where: SampleSelector['where'] }

/** One question for each measurement; rules that differ in their filters share one without. */
function wantedOf(selectors: readonly SampleSelector[]): readonly Wanted[] {
  return [...Map.groupBy(selectors, ({ measurement }) => measurement)].map(([measurement, own]) => {
    const filters = new Set(own.map(({ where }) => JSON.stringify(where)))
    return { measurement, fields: own.map(({ field }) => field), where: filters.size === 1 ? (own[0]?.where ?? []) : [] }
  })
}

/** The rows of one series, as the store gave them. */
type Rows = {
  readonly measurement: string
  readonly tags: Tags
  readonly names: readonly string[]
  readonly times: readonly number[]
  readonly columns: readonly FrameField[]
  /** How long after the stored time it was known. */
  readonly lateMs: number
}

type Reader = (range: TimeRange) => Promise<readonly Rows[]>

function createReader(wanted: Wanted, { store, signal, onCoarse }: StoredSamplesOptions): Reader {
  const { measurement, where } = wanted
  const isWanted = (name: string) => wanted.fields.some((field) => (typeof field === 'string' ? field === name : field.test(name)))
  const known = cached(async () => (await store.fields(measurement, signal)).filter(({ name }) => isWanted(name)))
  const groupBy = cached(() => store.tags(measurement, signal))
  let isRaw = false

  return async (range) => {
    const fields = (await known()).map(({ name }) => name)
    if (fields.length === 0) return []
    const query: MetricsQuery = {
      ...{ measurement, fields, groupBy: await groupBy(), where, seriesMax },
      ...{ aggregate: 'none', fill: 'none', limit: rowsMax },
    }
    const raw = (await store.query(query, range, signal)).map((frame) => rowsOf(frame, { measurement, names: fields, lateMs: 0 }))
    if (raw.some(({ times }) => times.length >= rowsMax))
      throw new AppError('QUERY_INVALID', `${measurement} has series of more than ${rowsMax} samples in a short time, too many to replay.`)
    isRaw ||= raw.length > 0
    // What is gone is the oldest: after the first raw samples there are no others.
    if (isRaw) return raw
    // Of text there are no averages.
    const numbers = (await known()).filter(({ type }) => type !== 'string').map(({ name }) => name)
    if (numbers.length === 0) return []
    const means = await store.query({ ...query, fields: numbers, aggregate: 'mean', everyMs: coarseMs }, range, signal)
    const averages = means.map((frame) => rowsOf(frame, { measurement, names: numbers, lateMs: coarseMs - 1 }))
    if (averages.length > 0) onCoarse({ measurement, from: textOf(range.from), to: textOf(range.to), everyMs: coarseMs })
    return averages
  }
}

function cached<Value>(ask: () => Promise<Value>): () => Promise<Value> {
  let answer: Promise<Value> | undefined
  return () => {
    answer ??= ask()
    return answer
  }
}

function rowsOf({ labels, fields }: Frame, known: Pick<Rows, 'measurement' | 'names' | 'lateMs'>): Rows {
  return {
    ...known,
    tags: Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== '')) as Tags,
    times: (fields.find(({ type }) => type === 'time')?.values ?? []) as readonly number[],
    columns: fields.filter(({ type }) => type !== 'time'),
  }
}

type Stretch = {
  readonly all: readonly Rows[]
  readonly samples: number
  /** Of each row, in the order of `all`: when it was known, and which row of which series it is. */
  readonly timesMs: Float64Array
  readonly places: Uint32Array
  readonly rows: Uint32Array
}

async function readStretch(readers: readonly Reader[], range: TimeRange): Promise<Stretch> {
  const all: Rows[] = []
  for (const read of readers) all.push(...(await read(range)))
  const count = all.reduce((sum, { times }) => sum + times.length, 0)
  const [timesMs, places, rows] = [new Float64Array(count), new Uint32Array(count), new Uint32Array(count)]
  let at = 0
  let samples = 0
  for (const [place, { times, columns, lateMs }] of all.entries()) {
    samples += columns.reduce((sum, { values }) => sum + values.filter(isSample).length, 0)
    for (let row = 0; row < times.length; row++, at++) {
      timesMs[at] = (times[row] as number) + lateMs
      places[at] = place
      rows[at] = row
    }
  }
  return { all, samples, timesMs, places, rows }
}

const isSample = (value: unknown): value is number | boolean | string =>
  typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string'

/** Points are made when their moment comes, and forgotten after it. */
function* momentsOf({ all, timesMs, places, rows }: Stretch): Generator<Moment> {
  const order = Uint32Array.from(timesMs, (_, index) => index).sort((a, b) => (timesMs[a] as number) - (timesMs[b] as number) || a - b)
  let points: Point[] = []
  let samples = 0
  for (const [position, index] of order.entries()) {
    const timeMs = timesMs[index] as number
    const point = toPoint(all[places[index] as number] as Rows, rows[index] as number, timeMs)
    const count = Object.keys(point.fields).length
    if (count > 0) points.push(point)
    samples += count
    if (timesMs[order[position + 1] ?? -1] === timeMs) continue
    if (points.length > 0) yield { timeMs, points, samples }
    points = []
    samples = 0
  }
}

function toPoint({ measurement, tags, names, columns }: Rows, row: number, timeMs: number): Point {
  const fields: Record<string, number | boolean | string> = {}
  for (const [column, { type, values }] of columns.entries()) {
    const value = values[row]
    // An integer that a double cannot hold comes as text.
    if (isSample(value)) fields[names[column] ?? ''] = typeof value === 'string' && type !== 'string' ? Number(value) : value
  }
  return { measurement, tags, fields, timeNs: BigInt(Math.floor(timeMs)) * 1_000_000n }
}

const textOf = (ms: number): string => new Date(ms).toISOString()
