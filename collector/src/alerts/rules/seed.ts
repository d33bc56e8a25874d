import type { Log } from '../../lib/log.ts'
import type { Frame } from '../../model/query.ts'
import type { Store } from '../../model/store.ts'
import { seriesKindOf } from './kind-of.ts'
import type { Inputs } from './rule-kind.ts'
import type { Runner } from './runner.ts'
import type { SampleSelector, StoredSeries } from './samples.ts'

export type SeedStore = Pick<Store, 'query' | 'tags' | 'fields'>

const samplesMax = 100_000
/** Questions to the store at once: nothing is evaluated until all are answered. */
const atOnceMax = 4
const seriesMax = 20_000

/**
 * Fills the windows of the rules from the store, so that a start is no gap. A rule whose samples
 * cannot be read starts without them, and calls nothing over until it has watched for a window.
 */
export async function seedRunners(runners: readonly Runner[], store: SeedStore, nowMs: number, log: Log): Promise<void> {
  const answers = new Map<string, Promise<readonly StoredSeries[]>>()

  async function seed(runner: Runner, { selectors, keepMs }: Inputs): Promise<void> {
    const fromMs = nowMs - keepMs
    for (const [input, selector] of selectors.entries()) {
      const key = JSON.stringify([selector.measurement, String(selector.field), selector.where, keepMs])
      const answer = answers.get(key) ?? readSamples(selector, store, fromMs, nowMs)
      answers.set(key, answer)
      runner.seed(input, await answer, fromMs)
    }
  }

  const waiting = runners.values()
  await Promise.all(
    Array.from({ length: atOnceMax }, async () => {
      // All take from one iterator, so each rule is seeded once.
      for (const runner of waiting) {
        const inputs = seriesKindOf(runner.rule)?.inputs(runner.rule.options)
        if (!inputs) continue
        await seed(runner, inputs).catch((thrown: unknown) => {
          log.warn({ rule: runner.rule.name, err: thrown }, 'stored samples could not be read; the rule starts without them')
        })
      }
    }),
  )
}

async function readSamples(selector: SampleSelector, store: SeedStore, fromMs: number, nowMs: number): Promise<readonly StoredSeries[]> {
  const fields = await fieldsOf(selector, store)
  if (fields.length === 0) return []
  const frames = await store.query(
    {
      measurement: selector.measurement,
      fields,
      aggregate: 'none',
      where: selector.where,
      groupBy: await store.tags(selector.measurement),
      fill: 'none',
      limit: samplesMax,
      seriesMax,
    },
    { from: fromMs, to: nowMs + 1 },
  )
  const series = frames.flatMap((frame) => toSeries(frame, fields))
  if (series.some(({ times }) => times.length >= samplesMax))
    throw new Error(`more than ${samplesMax} stored samples of one series in the window`)
  return series
}

async function fieldsOf({ measurement, field }: SampleSelector, store: SeedStore): Promise<readonly string[]> {
  if (typeof field === 'string') return [field]
  const known = await store.fields(measurement)
  return known.map(({ name }) => name).filter((name) => field.test(name))
}

function toSeries(frame: Frame, fields: readonly string[]): StoredSeries[] {
  const times = (frame.fields.find(({ type }) => type === 'time')?.values ?? []) as readonly number[]
  const columns = frame.fields.filter(({ type }) => type !== 'time')
  const tags = Object.fromEntries(Object.entries(frame.labels).filter(([, value]) => value !== ''))
  return columns.map(({ values }, column) => {
    const kept = times.flatMap((timeMs, row) => {
      const value = values[row]
      return typeof value === 'number' || typeof value === 'boolean' ? [{ timeMs, value: Number(value) }] : []
    })
    const field = fields[column] ?? ''
    return { tags, field, times: kept.map(({ timeMs }) => timeMs), values: kept.map(({ value }) => value) }
  })
}
