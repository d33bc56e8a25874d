import type { Clock } from '../../../lib/clock.ts'
import type { Log } from '../../../lib/log.ts'
import type { Frame, TimeRange } from '../../../model/query.ts'
import type { Store } from '../../../model/store.ts'
import { seriesKindOf } from '../definition/kind-of.ts'
import type { Inputs } from '../definition/rule-kind.ts'
import { untilAborted } from '../samples/past.ts'
import type { SampleSelector, StoredSeries } from '../samples/samples.ts'
import type { Runner } from './runner.ts'

export type SeedStore = Pick<Store, 'query' | 'tags' | 'fields'>

const samplesMax = 100_000
/** Questions to the store at once: nothing is evaluated until all are answered. */
const atOnceMax = 4
const seriesMax = 20_000
/** A store that is slow must not keep rules from being evaluated for longer. */
const seedTimeoutMs = 60_000

export type SeedDoors = { readonly store?: SeedStore | undefined; readonly clock: Clock; readonly log: Log }

/**
 * Fills the windows of the rules from the store, so that a start is no gap. A rule whose samples cannot
 * be read in time starts without them, and calls nothing over until it has watched for a window. Gives
 * back the names of those rules.
 */
export function seedRunners(runners: readonly Runner[], doors: SeedDoors): Promise<readonly string[]> {
  return inTime(doors, (signal) => seedAll(runners, doors, signal))
}

/** The same for rules that are to take the places of others: they also have what else they need of the store. */
export function readyRunners(runners: readonly Runner[], doors: SeedDoors): Promise<readonly string[]> {
  return inTime(doors, async (signal) => {
    const unseeded = await seedAll(runners, doors, signal)
    await Promise.all(runners.map((runner) => runner.ready(signal)))
    return unseeded
  })
}

async function inTime<Value>({ clock }: SeedDoors, work: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
  const late = new AbortController()
  const cancel = clock.after(seedTimeoutMs, () => late.abort(new Error(`the store gave no answer within ${seedTimeoutMs / 1000} s`)))
  try {
    return await work(late.signal)
  } finally {
    cancel()
  }
}

async function seedAll(runners: readonly Runner[], { store, clock, log }: SeedDoors, signal: AbortSignal): Promise<readonly string[]> {
  if (!store) return []
  const unseeded: string[] = []
  const seed = createSeeding(store, clock.now(), signal)
  const waiting = runners.values()
  await Promise.all(
    Array.from({ length: atOnceMax }, async () => {
      // All take from one iterator, so each rule is seeded once.
      for (const runner of waiting) {
        const inputs = seriesKindOf(runner.rule)?.inputs(runner.rule.options)
        if (!inputs || runner.isSeeded()) continue
        await seed(runner, inputs).catch((thrown: unknown) => {
          unseeded.push(runner.rule.name)
          log.warn({ rule: runner.rule.name, err: thrown }, 'stored samples could not be read; the rule starts without them')
        })
      }
    }),
  )
  return unseeded
}

/** Rules with the same question share its answer. */
function createSeeding(store: SeedStore, nowMs: number, signal: AbortSignal) {
  const answers = new Map<string, Promise<readonly StoredSeries[]>>()

  return async (runner: Runner, { selectors, keepMs }: Inputs): Promise<void> => {
    const fromMs = nowMs - keepMs
    for (const [input, selector] of selectors.entries()) {
      const key = JSON.stringify([selector.measurement, String(selector.field), selector.where, keepMs, selector.text])
      const answer = answers.get(key) ?? readSamples(selector, store, { from: fromMs, to: nowMs + 1 }, signal)
      answers.set(key, answer)
      runner.seed(input, await untilAborted(answer, signal), fromMs)
    }
  }
}

async function readSamples(
  selector: SampleSelector,
  store: SeedStore,
  range: TimeRange,
  signal: AbortSignal,
): Promise<readonly StoredSeries[]> {
  const fields = await fieldsOf(selector, store, signal)
  if (fields.length === 0) return []
  const frames = await store.query(
    {
      measurement: selector.measurement,
      fields,
      aggregate: 'none',
      where: selector.where,
      groupBy: await store.tags(selector.measurement, signal),
      fill: 'none',
      limit: samplesMax,
      seriesMax,
    },
    range,
    signal,
  )
  const series = frames.flatMap((frame) => toSeries(frame, fields, selector))
  if (series.some(({ times }) => times.length >= samplesMax))
    throw new Error(`more than ${samplesMax} stored samples of one series in the window`)
  return series
}

async function fieldsOf({ measurement, field }: SampleSelector, store: SeedStore, signal: AbortSignal): Promise<readonly string[]> {
  if (typeof field === 'string') return [field]
  const known = await store.fields(measurement, signal)
  return known.map(({ name }) => name).filter((name) => field.test(name))
}

function toSeries(frame: Frame, fields: readonly string[], { text }: SampleSelector): StoredSeries[] {
  const times = (frame.fields.find(({ type }) => type === 'time')?.values ?? []) as readonly number[]
  const columns = frame.fields.filter(({ type }) => type !== 'time')
  const tags = Object.fromEntries(Object.entries(frame.labels).filter(([, value]) => value !== ''))
  return columns.map(({ type, values }, column) => {
    const kept = times.flatMap((timeMs, row) => {
      const value = toSample(values[row], type === 'string')
      return value === null || (typeof value === 'string' && !text) ? [] : [{ timeMs, value }]
    })
    const field = fields[column] ?? ''
    return { tags, field, times: kept.map(({ timeMs }) => timeMs), values: kept.map(({ value }) => value) }
  })
}

/** As memory has it: booleans are 0 and 1, integers beyond 2^53 rounded. */
function toSample(value: unknown, isText: boolean): number | string | null {
  if (typeof value === 'string') return isText ? value : Number(value)
  return typeof value === 'number' || typeof value === 'boolean' ? Number(value) : null
}
