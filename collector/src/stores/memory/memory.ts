import { z } from 'zod'
import type { Batch, Column } from '../../model/batch.ts'
import { defineStore } from '../../model/kinds.ts'
import type { FieldValue } from '../../model/point.ts'
import type { Frame, MetricsQuery, TimeRange } from '../../model/query.ts'
import type { Store } from '../../model/store.ts'
import { throwIfCancelled } from '../shared/cancel.ts'
import { createDictionary, tagValuesOf } from '../shared/dictionary.ts'
import { compareText } from '../shared/group-set.ts'
import { withHistograms } from '../shared/histogram-query.ts'
import { createPlan } from '../shared/plan.ts'
import { createBatchResolver } from '../shared/resolve-batch.ts'
import { filterSeries } from '../shared/tag-filters.ts'
import { queryMemory } from './query.ts'
import { createRegexEngine } from './regex-engine.ts'
import { createTimeline, type Timeline } from './timeline.ts'

export const memoryOptions = z.strictObject({
  type: z.literal('memory'),
  valuesMax: z.int().min(1000).default(2_000_000).describe('Most values held. The oldest tenth is dropped when there are more.'),
  fieldsMax: z.int().min(1).default(200_000).describe('Most fields of series held. Lines that would create more are refused.'),
})

/** Simple and bounded: for tests, and for a look at Tidewatch that leaves nothing behind. */
export const memory = defineStore({ type: 'memory', schema: memoryOptions, create: (options) => createMemoryStore(options) })

function createMemoryStore({ valuesMax, fieldsMax }: Omit<z.output<typeof memoryOptions>, 'type'>): Store {
  const dictionary = createDictionary()
  const resolver = createBatchResolver(dictionary, fieldsMax)
  const regex = createRegexEngine()
  const timelines: Timeline[] = []

  function writeColumn<Raw>(column: Column<ArrayLike<Raw>>, toValue: (raw: Raw) => FieldValue, rejectedLines: ReadonlySet<number>): void {
    const fids = resolver.fids()
    for (let i = 0; i < column.length; i++) {
      if (rejectedLines.has(column.lines[i] ?? 0)) continue
      const fid = fids[column.fields[i] ?? 0] ?? 0
      timelines[fid] ??= createTimeline()
      timelines[fid].set(column.times[i] ?? 0n, toValue(column.values[i] as Raw))
    }
  }

  function writeColumns(batch: Batch, rejectedLines: ReadonlySet<number>): void {
    const same = <Value>(value: Value) => value
    writeColumn<number>(batch.floats, same, rejectedLines)
    writeColumn<bigint>(batch.integers, same, rejectedLines)
    writeColumn<bigint>(batch.unsigned, same, rejectedLines)
    writeColumn<number>(batch.booleans, (raw) => raw === 1, rejectedLines)
    writeColumn<string>(batch.strings, same, rejectedLines)
  }

  /** Drops the oldest values until a tenth of the room is free. */
  function makeRoom(): void {
    const held = timelines.reduce((sum, timeline) => sum + timeline.times.length, 0)
    if (held <= valuesMax) return
    const times = BigInt64Array.from(timelines.flatMap((timeline) => timeline.times)).sort()
    const oldest = times[held - Math.floor(valuesMax * 0.9)] ?? 0n
    for (const timeline of timelines) timeline.dropBefore(oldest)
  }

  return withHistograms({
    kind: 'memory',
    async start() {},
    stop: () => regex.stop(),
    async write(batch) {
      const { rejected, rejectedLines } = resolver.resolve(batch)
      resolver.keep()
      writeColumns(batch, rejectedLines)
      makeRoom()
      return { rejected }
    },
    async query(query: MetricsQuery, range: TimeRange, signal?: AbortSignal): Promise<readonly Frame[]> {
      throwIfCancelled(signal)
      const plan = createPlan(query, range, dictionary.types(query.measurement))
      const series = await filterSeries(dictionary.seriesOf(query.measurement), query.where, regex.match)
      throwIfCancelled(signal)
      return queryMemory(plan, series, (fid) => timelines[fid])
    },
    measurements: async () => dictionary.measurements(),
    fields: async (measurement) =>
      [...dictionary.types(measurement)].map(([name, type]) => ({ name, type })).sort((a, b) => compareText(a.name, b.name)),
    tags: async (measurement) => dictionary.tags(measurement),
    tagValues: async (measurement, tag, where = []) =>
      tagValuesOf(await filterSeries(dictionary.seriesOfAny(measurement), where, regex.match), tag),
    status: async () => ({
      ok: true,
      message: 'memory: what it holds is lost when Tidewatch stops',
      seriesCount: dictionary.seriesCount(),
    }),
  })
}
