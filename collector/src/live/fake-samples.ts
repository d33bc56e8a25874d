import { createFakeClock, type FakeClock } from '../lib/clock.ts'
import { type Log, silentLog } from '../lib/log.ts'
import type { Batch, Column } from '../model/batch.ts'
import type { FieldType, SeriesField, Tags } from '../model/point.ts'
import { createLive, type LiveLimits } from './create-live.ts'
import type { Live, Tracked } from './live.ts'

export const startMs = Date.UTC(2026, 0, 1)
export const minuteMs = 60_000

export type FakeSample = {
  tags?: Tags
  measurement?: string
  field?: string
  type?: FieldType
  atMs: number
  value: number | bigint | string
}

/** Makes batches as the ingest does: one id for a series, a field and a type. */
function createBatches() {
  const ids = new Map<string, number>()
  const fields: SeriesField[] = []

  function idOf({ measurement = 'cpu', tags = {}, field = 'usage', type = 'float' }: FakeSample): number {
    const key = JSON.stringify([measurement, tags, field, type])
    const known = ids.get(key)
    if (known !== undefined) return known
    const id = fields.length
    fields.push({ id, series: { id, measurement, tags, key }, name: field, type })
    ids.set(key, id)
    return id
  }

  function column<Values>(samples: readonly FakeSample[], type: FieldType, toValues: (samples: FakeSample[]) => Values): Column<Values> {
    const own = samples.filter((sample) => (sample.type ?? 'float') === type)
    return {
      length: own.length,
      fields: Int32Array.from(own, idOf),
      times: BigInt64Array.from(own, ({ atMs }) => BigInt(startMs + atMs) * 1_000_000n),
      lines: Int32Array.from(own, (_, index) => index + 1),
      values: toValues(own),
    }
  }

  return (...samples: FakeSample[]): Batch => ({
    points: samples.length,
    floats: column(samples, 'float', (own) => Float64Array.from(own, ({ value }) => Number(value))),
    integers: column(samples, 'integer', (own) => BigInt64Array.from(own, ({ value }) => BigInt(value))),
    unsigned: column(samples, 'unsigned', (own) => BigUint64Array.from(own, ({ value }) => BigInt(value))),
    booleans: column(samples, 'boolean', (own) => Uint8Array.from(own, ({ value }) => Number(value))),
    strings: column(samples, 'string', (own) => own.map(({ value }) => String(value))),
    fieldOf: (id) => fields[id] as SeriesField,
    toLineProtocol: () => new Uint8Array(0),
  })
}

type FakeLive = { live: ReturnType<typeof withSeries>; clock: FakeClock; warnings: string[]; batch: (...samples: FakeSample[]) => Batch }

export function createFakeLive(limits: Partial<LiveLimits> = {}): FakeLive {
  const clock = createFakeClock(startMs)
  const warnings: string[] = []
  const log: Log = {
    ...silentLog,
    warn: (message: unknown) => void warnings.push(String(message)),
    error: (_: unknown, message?: unknown) => void warnings.push(String(message)),
  }
  return { live: withSeries(createLive({ clock, log, limits })), clock, warnings, batch: createBatches() }
}

/** A live whose watches also say, as plain lists, what is kept of the series they were told of. */
function withSeries(live: Live) {
  return {
    ...live,
    watch(...given: Parameters<Live['watch']>) {
      const watch = live.watch(...given)
      const known = new Set<Tracked>()
      return {
        ...watch,
        series(fromMs: number, toMs: number) {
          for (const tracked of watch.takeFresh()) known.add(tracked)
          return [...known]
            .filter((tracked) => !tracked.isGone())
            .map((tracked) => tracked.between(fromMs, toMs))
            .map(({ tags, times, values, start, end }) => ({
              tags,
              times: Array.from(times).slice(start, end),
              values: Array.from(values).slice(start, end),
            }))
            .filter(({ times }) => times.length > 0)
        },
      }
    },
  }
}
