import type { Frame, MetricsQuery, TagFilter, TimeRange } from '../../model/query.ts'
import type { Store } from '../../model/store.ts'
import { createBucketFrames } from './bucket-frames.ts'
import { getOrAdd } from './group-set.ts'
import { type BucketField, parseBucketField, quantileOfBounds, quantileOfPowers } from './histogram.ts'
import { createPlan, invalid } from './plan.ts'

/** The field that stands for all buckets of a measurement's histograms. */
const histogram = 'histogram'

const quantiles: Readonly<Partial<Record<string, number>>> = { median: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 }

/** Most rows of each frame that is read; the buckets of a range are at most as many. */
const limit = 100_000

/**
 * Answers percentiles of the field `histogram` from the buckets of all series of a label set.
 *
 * Running totals are asked for their increase and increments for their sum, bucket by bucket; both
 * are what roll-ups keep, so a month of histograms costs no more than a month of anything else.
 */
export function withHistograms<Kind extends Store>(store: Kind): Kind {
  const query: Store['query'] = async (asked, range, signal) => {
    const quantile = quantiles[asked.aggregate]
    if (!asked.fields.includes(histogram) || quantile === undefined) return store.query(asked, range, signal)
    const names = (await store.fields(asked.measurement, signal)).map(({ name }) => name)
    if (names.includes(histogram)) return store.query(asked, range, signal)
    if (new Set(asked.fields).size > 1) throw invalid(`Ask for the field "${histogram}" alone: it stands for all buckets.`)
    const buckets = names.map(parseBucketField).filter((field) => field !== undefined)
    return buckets.length === 0 ? [] : readQuantiles(store, asked, range, buckets, quantile, signal)
  }
  return { ...store, query }
}

async function readQuantiles(
  store: Store,
  query: MetricsQuery,
  range: TimeRange,
  buckets: readonly BucketField[],
  quantile: number,
  signal: AbortSignal | undefined,
): Promise<readonly Frame[]> {
  const fields = [...buckets.map(({ name }) => name), 'count']
  const asked = { ...query, fields, fill: 'none', limit, order: 'asc' } as const
  const isDelta = (op: '=' | '!='): TagFilter => ({ tag: 'temporality', op, value: 'delta' })
  const [totals, increments] = await Promise.all([
    store.query({ ...asked, aggregate: 'increase', where: [...query.where, isDelta('!=')] }, range, signal),
    store.query({ ...asked, aggregate: 'sum', where: [...query.where, isDelta('=')] }, range, signal),
  ])
  const plan = createPlan(query, range, new Map())
  const frames = createBucketFrames(plan)
  const { startMs, everyMs } = plan.buckets
  const cells = addFrames([...totals, ...increments])
  for (const { labels, rows } of cells) {
    const group = frames.groups.indexOf(plan.groupBy.map((tag) => labels[tag] ?? ''))
    for (const [time, counts] of rows) {
      const bucket = plan.buckets.count === 1 ? 0 : Math.round((time - startMs) / everyMs)
      frames.set(group, 0, bucket, quantileOf(quantile, buckets, counts, query.measurement))
    }
  }
  return frames.frames()
}

type Counts = Map<string, number>

/** The counts of each bucket field by label set and time, added over the frames. */
function addFrames(frames: readonly Frame[]) {
  const added = new Map<string, { labels: Frame['labels']; rows: Map<number, Counts> }>()
  for (const { labels, fields } of frames) {
    const { rows } = getOrAdd(added, JSON.stringify(Object.entries(labels)), () => ({ labels, rows: new Map<number, Counts>() }))
    const [times, ...columns] = fields
    times?.values.forEach((time, row) => {
      const counts = getOrAdd(rows, Number(time), (): Counts => new Map())
      for (const { name, values } of columns) counts.set(name, (counts.get(name) ?? 0) + Number(values[row] ?? 0))
    })
  }
  return added.values()
}

function quantileOf(quantile: number, buckets: readonly BucketField[], counts: Counts, measurement: string): number | null {
  const countOf = ({ name }: BucketField) => counts.get(name) ?? 0
  const powers = buckets.flatMap((field) => (field.kind === 'power' ? [{ field, count: countOf(field) }] : []))
  const zeros = buckets.filter(({ kind }) => kind === 'zero').reduce((sum, field) => sum + countOf(field), 0)
  const bounds = new Map(buckets.flatMap((field) => (field.kind === 'bound' ? [[field.bound, countOf(field)] as const] : [])))
  const hasBounds = [...bounds.values()].some((count) => count > 0)
  const hasPowers = zeros > 0 || powers.some(({ count }) => count > 0)
  if (hasBounds && hasPowers)
    throw invalid(`"${measurement}" has histograms with bounds and such of powers in one label set, which cannot be added. Filter or group by a tag.`) // biome-ignore format: one sentence
  return hasPowers ? quantileOfPowers(quantile, powers, zeros) : quantileOfBounds(quantile, bounds, counts.get('count') ?? 0)
}
