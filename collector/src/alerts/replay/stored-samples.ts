import type { Coarse } from '../../contract/replay.ts'
import { AppError } from '../../lib/errors.ts'
import type { Point, Tags } from '../../model/point.ts'
import type { Frame, MetricsQuery, TimeRange } from '../../model/query.ts'
import type { SampleSelector } from '../rules/samples.ts'
import type { PastStore } from './past-store.ts'

export type StoredSamplesOptions = {
  readonly store: PastStore
  readonly selectors: readonly SampleSelector[]
  readonly range: TimeRange
  readonly signal: AbortSignal
  /** Told of stretches of which only averages are kept. */
  readonly onCoarse: (coarse: Coarse) => void
  readonly onProgress: (done: number) => void
}

/** The points of one moment. */
export type Moment = { readonly timeMs: number; readonly points: readonly Point[]; readonly samples: number }

const chunkMs = 3_600_000
/** Rows that are taken over before other work gets its turn. */
const rowsAtOnce = 5000
const coarseMs = 60_000
const rowsMax = 100_000
const seriesMax = 20_000
const samplesMax = 20_000_000

/**
 * What rules look at, moment by moment, as the store has it.
 *
 * It is read in stretches of an hour, raw where raw samples are kept. A stretch of which only roll-ups
 * are left is read as averages of a minute, each at the end of its minute, when it was known.
 */
export async function* storedSamples(options: StoredSamplesOptions): AsyncGenerator<Moment> {
  const { range, signal, onProgress } = options
  const wanted = wantedOf(options.selectors)
  let samples = 0
  for (let from = range.from; from < range.to; from += chunkMs) {
    if (signal.aborted) throw new AppError('QUERY_CANCELLED', 'The replay was given up by whoever asked for it.')
    const chunk = { from, to: Math.min(range.to, from + chunkMs) }
    const moments = new Map<number, Point[]>()
    for (const one of wanted) samples += await readInto(moments, one, chunk, options)
    if (samples > samplesMax)
      throw new AppError(
        'QUERY_INVALID',
        `The rules look at more than ${samplesMax} samples in this time. Replay less time, or fewer rules.`,
      )
    for (const timeMs of [...moments.keys()].sort((a, b) => a - b)) {
      const points = moments.get(timeMs) ?? []
      yield { timeMs, points, samples: points.reduce((sum, { fields }) => sum + Object.keys(fields).length, 0) }
    }
    onProgress((chunk.to - range.from) / (range.to - range.from))
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

async function readInto(moments: Map<number, Point[]>, wanted: Wanted, range: TimeRange, options: StoredSamplesOptions): Promise<number> {
  const { store, signal } = options
  const { measurement } = wanted
  const isWanted = (name: string) => wanted.fields.some((field) => (typeof field === 'string' ? field === name : field.test(name)))
  const fields = (await store.fields(measurement, signal)).map(({ name }) => name).filter(isWanted)
  if (fields.length === 0) return 0
  const groupBy = await store.tags(measurement, signal)
  const query: MetricsQuery = {
    ...{ measurement, fields, groupBy, where: wanted.where, seriesMax },
    ...{ aggregate: 'none', fill: 'none', limit: rowsMax },
  }
  const raw = await store.query(query, range, signal)
  if (raw.some(({ fields: [column] }) => (column?.values.length ?? 0) >= rowsMax))
    throw new AppError('QUERY_INVALID', `${measurement} has series of more than ${rowsMax} samples in an hour, too many to replay.`)
  if (raw.length > 0) return await place(moments, measurement, fields, raw, 0)
  const averages = await store.query({ ...query, aggregate: 'mean', everyMs: coarseMs }, range, signal)
  const count = await place(moments, measurement, fields, averages, coarseMs - 1)
  if (count > 0) options.onCoarse({ measurement, from: textOf(range.from), to: textOf(range.to), everyMs: coarseMs })
  return count
}

async function place(
  moments: Map<number, Point[]>,
  measurement: string,
  names: readonly string[],
  frames: readonly Frame[],
  lateMs: number,
): Promise<number> {
  let count = 0
  let rows = 0
  for (const frame of frames) {
    const tags = Object.fromEntries(Object.entries(frame.labels).filter(([, value]) => value !== '')) as Tags
    const times = (frame.fields.find(({ type }) => type === 'time')?.values ?? []) as readonly number[]
    const columns = frame.fields.filter(({ type }) => type !== 'time')
    rows += times.length
    if (rows >= rowsAtOnce) {
      rows = 0
      await new Promise((resolve) => setImmediate(resolve))
    }
    for (const [row, storedMs] of times.entries()) {
      const timeMs = storedMs + lateMs
      const fields: Record<string, number | boolean> = {}
      for (const [column, { values }] of columns.entries()) {
        const value = values[row]
        if (typeof value === 'number' || typeof value === 'boolean') fields[names[column] ?? ''] = value
      }
      if (Object.keys(fields).length === 0) continue
      count += Object.keys(fields).length
      const points = moments.get(timeMs) ?? []
      points.push({ measurement, tags, fields, timeNs: BigInt(Math.floor(timeMs)) * 1_000_000n })
      moments.set(timeMs, points)
    }
  }
  return count
}

const textOf = (ms: number): string => new Date(ms).toISOString()
