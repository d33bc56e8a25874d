import type { Log } from '../../lib/log.ts'
import type { Frame } from '../../model/query.ts'
import type { Store } from '../../model/store.ts'
import type { Rule } from './rule.ts'
import type { Runner } from './runner.ts'
import type { SampleSeries } from './samples.ts'

export type SeedStore = Pick<Store, 'query' | 'tags'>

const samplesMax = 100_000
const seriesMax = 20_000

/**
 * Fills the windows of the rules from the store, so that a start is no gap. A rule whose samples
 * cannot be read starts without them, and calls nothing over until it has watched for a window.
 */
export async function seedRunners(runners: readonly Runner[], store: SeedStore, nowMs: number, log: Log): Promise<void> {
  const answers = new Map<string, Promise<readonly SampleSeries[]>>()
  for (const runner of runners) {
    const { rule } = runner
    const key = JSON.stringify([rule.source.measurement, rule.source.field, rule.source.where, rule.windowMs])
    const answer = answers.get(key) ?? readSamples(rule, store, nowMs)
    answers.set(key, answer)
    try {
      runner.seed(await answer, nowMs - rule.windowMs)
    } catch (thrown) {
      log.warn({ rule: rule.name, err: thrown }, 'stored samples could not be read; the rule starts without them')
    }
  }
}

async function readSamples({ source, windowMs }: Rule, store: SeedStore, nowMs: number): Promise<readonly SampleSeries[]> {
  const groupBy = await store.tags(source.measurement)
  const frames = await store.query(
    {
      measurement: source.measurement,
      fields: [source.field],
      aggregate: 'none',
      where: source.where,
      groupBy,
      fill: 'none',
      limit: samplesMax,
      seriesMax,
    },
    { from: nowMs - windowMs, to: nowMs + 1 },
  )
  const series = frames.map(toSeries)
  if (series.some(({ times }) => times.length >= samplesMax))
    throw new Error(`more than ${samplesMax} stored samples of one series in the window`)
  return series
}

function toSeries(frame: Frame): SampleSeries {
  const times = (frame.fields.find(({ type }) => type === 'time')?.values ?? []) as readonly number[]
  const values = frame.fields.find(({ type }) => type !== 'time')?.values ?? []
  const kept = times.flatMap((timeMs, row) => {
    const value = values[row]
    return typeof value === 'number' || typeof value === 'boolean' ? [{ timeMs, value: Number(value) }] : []
  })
  const tags = Object.fromEntries(Object.entries(frame.labels).filter(([, value]) => value !== ''))
  return { tags, times: kept.map(({ timeMs }) => timeMs), values: kept.map(({ value }) => value) }
}
