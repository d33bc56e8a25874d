import type { Clock } from '../../../lib/clock.ts'
import { messageOf } from '../../../lib/errors.ts'
import type { Tags } from '../../../model/point.ts'
import type { Frame, MetricsQuery } from '../../../model/query.ts'
import type { Store } from '../../../model/store.ts'
import type { Past, PastNeed } from '../definition/rule.ts'

export type PastStore = Pick<Store, 'query' | 'tags'>

/** What is known of a question: not yet anything, the values by label set, or why there is no answer. */
export type PastAnswer =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; of(tags: Tags): Past | undefined }
  | { readonly state: 'failed'; readonly error: string }

/** `atMs` is by the clock that only ever goes on. */
type Entry = { answer: PastAnswer; atMs: number; isAsking: boolean; readonly waiting: Set<() => void> }

const atOnceMax = 4
const timeoutMs = 30_000
const retryAfterMs = 10_000
const seriesMax = 20_000
const entriesMax = 10_000

export type PastOptions = { readonly store: PastStore; readonly clock: Clock }

/**
 * Asks the store for what memory does not hold, and keeps the answers while they are good.
 *
 * Rules with the same question share the answer. Few questions are under way at once, each with an end.
 */
export function createPastQueries({ store, clock }: PastOptions) {
  const entries = new Map<string, Entry>()
  const queue: (() => Promise<void>)[] = []
  let running = 0

  function runNext(): void {
    const work = running < atOnceMax ? queue.shift() : undefined
    if (!work) return
    running++
    void work().finally(() => {
      running--
      runNext()
    })
  }

  async function ask(need: PastNeed, groupBy: readonly string[] | null, entry: Entry): Promise<void> {
    const abort = new AbortController()
    const cancelTimeout = clock.after(timeoutMs, () => abort.abort(new Error(`no answer within ${timeoutMs / 1000} s`)))
    try {
      entry.answer = await answerOf(need, groupBy, store, abort.signal)
    } catch (thrown) {
      entry.answer = { state: 'failed', error: `the store could not be asked: ${messageOf(thrown)}` }
    }
    cancelTimeout()
    entry.isAsking = false
    entry.atMs = clock.monotonic()
    const told = [...entry.waiting]
    entry.waiting.clear()
    for (const tell of told) tell()
  }

  return {
    /** The answer as far as it is known; `onAnswer` is called when there is a newer one. */
    get(need: PastNeed, groupBy: readonly string[] | null, onAnswer: () => void): PastAnswer {
      const key = JSON.stringify([need.key, groupBy])
      let entry = entries.get(key)
      if (!entry) {
        entry = { answer: { state: 'loading' }, atMs: Number.NEGATIVE_INFINITY, isAsking: false, waiting: new Set() }
        entries.set(key, entry)
        if (entries.size > entriesMax) entries.delete(entries.keys().next().value as string)
      }
      const goodForMs = entry.answer.state === 'failed' ? Math.min(retryAfterMs, need.refreshMs) : need.refreshMs
      const isOld = clock.monotonic() - entry.atMs >= goodForMs
      if (isOld || entry.isAsking) entry.waiting.add(onAnswer)
      if (isOld && !entry.isAsking) {
        const asked = entry
        asked.isAsking = true
        queue.push(() => ask(need, groupBy, asked))
        runNext()
      }
      return entry.answer
    },
  }
}

export type PastQueries = ReturnType<typeof createPastQueries>

async function answerOf(need: PastNeed, groupBy: readonly string[] | null, store: PastStore, signal: AbortSignal): Promise<PastAnswer> {
  const tags = groupBy ?? (await untilAborted(store.tags(need.selector.measurement, signal), signal))
  const found = new Map<string, number[][]>()
  for (const [place, { from, to, everyMs }] of need.ranges.entries()) {
    const query: MetricsQuery = {
      measurement: need.selector.measurement,
      fields: [String(need.selector.field)],
      aggregate: need.aggregate,
      ...(everyMs !== undefined && { everyMs }),
      where: need.selector.where,
      groupBy: tags,
      fill: 'none',
      limit: 100_000,
      seriesMax,
    }
    const frames = await untilAborted(store.query(query, { from, to }, signal), signal)
    for (const frame of frames) {
      const key = keyOf(frame.labels)
      const values = found.get(key) ?? need.ranges.map(() => [])
      values[place] = valuesOf(frame)
      found.set(key, values)
    }
  }
  return { state: 'ready', of: (own) => found.get(keyOf(own)) }
}

/** A store that ignores the signal must not keep a question under way for ever. */
export function untilAborted<Value>(answer: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    answer.then(resolve, reject)
  })
}

function valuesOf(frame: Frame): number[] {
  const column = frame.fields.find(({ type }) => type !== 'time')?.values ?? []
  return column.filter((value): value is number => typeof value === 'number')
}

/** A tag that a series does not have is the empty one. */
function keyOf(labels: Tags): string {
  return JSON.stringify(
    Object.entries(labels)
      .filter(([, value]) => value !== '')
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}
