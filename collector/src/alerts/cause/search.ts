import type { Clock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import type { Mover } from '../../model/alert.ts'
import type { AlertInstance } from '../../model/alert-records.ts'
import type { SampleSelector } from '../rules/samples/samples.ts'
import { baselineMs, isOwn, type Moved, rankMovers, toMoved, windowMs } from './movers.ts'
import { relatedSeries, type SearchStore } from './related-series.ts'

export type Finding = { readonly moved: readonly Mover[]; readonly seriesSearched: number }

export type CauseSearchOptions = {
  readonly store: SearchStore
  readonly clock: Clock
  readonly log: Log
  /** What the rule of an alert looks at; undefined for alerts that have no rule any more. */
  readonly selectorsOf: (instance: AlertInstance) => readonly SampleSelector[] | undefined
  /** The alert as it is now; undefined when it is over. */
  readonly lookup: (id: string) => AlertInstance | undefined
  readonly onFound: (instance: AlertInstance, finding: Finding) => void
}

/** A search that takes longer goes with what it has read. */
const deadlineMs = 10_000
/** Alerts that wait for their search; in a storm of more the others go without. */
const waitingMax = 100
/** A metric that moved just before the alert is known to have moved only some samples later. */
export const againAfterMs = 3 * 60_000
/** Series that are looked at before other work gets its turn. */
const atOnce = 8

/**
 * Looks for the metrics that moved before an alert did: once when it fires, and once more a little later.
 *
 * One search at a time, each with an end. No notification waits for it: what is not found when a text is
 * made stands in the next one.
 */
export function createCauseSearch(options: CauseSearchOptions) {
  const { clock, log } = options
  const waiting: AlertInstance[] = []
  const plans = new Set<() => void>()
  let current: AbortController | undefined
  let isWorking = false
  let isStopped = false

  async function work(): Promise<void> {
    isWorking = true
    for (let next = waiting.shift(); next && !isStopped; next = waiting.shift()) {
      const instance = options.lookup(next.id)
      const selectors = instance && options.selectorsOf(instance)
      if (!instance || !selectors) continue
      current = new AbortController()
      try {
        const finding = await search(instance, selectors, current, options)
        const still = options.lookup(instance.id)
        if (still && still.activeSinceMs === instance.activeSinceMs && !isStopped) options.onFound(still, finding)
      } catch (thrown) {
        log.debug({ err: thrown, rule: instance.rule }, 'what moved before an alert could not be read')
      }
    }
    isWorking = false
  }

  function enqueue(instance: AlertInstance): void {
    if (isStopped || waiting.length >= waitingMax) return
    waiting.push(instance)
    if (!isWorking) void work()
  }

  return {
    start(instance: AlertInstance): void {
      if (!options.selectorsOf(instance)) return
      enqueue(instance)
      const cancel = clock.after(againAfterMs, () => {
        plans.delete(cancel)
        enqueue(instance)
      })
      plans.add(cancel)
    },
    stop(): void {
      isStopped = true
      current?.abort()
      for (const cancel of plans) cancel()
      plans.clear()
    },
  }
}

async function search(
  instance: AlertInstance,
  selectors: readonly SampleSelector[],
  controller: AbortController,
  { store, clock }: CauseSearchOptions,
): Promise<Finding> {
  const activeSinceMs = instance.activeSinceMs ?? instance.firedAtMs ?? clock.now()
  // What was measured long after, when an alert of an earlier process is looked at, says nothing of how it began.
  const toMs = Math.min(clock.now(), (instance.firedAtMs ?? activeSinceMs) + windowMs)
  const range = { from: activeSinceMs - windowMs - baselineMs, to: toMs }
  const cancelDeadline = clock.after(deadlineMs, () => controller.abort())
  const first = [...new Set(selectors.map(({ measurement }) => measurement))]
  const found: { own: Moved[]; others: Moved[]; count: number } = { own: [], others: [], count: 0 }
  try {
    for await (const candidate of relatedSeries({ store, labels: instance.labels, first, range, signal: controller.signal })) {
      const moved = toMoved(candidate, activeSinceMs)
      const isAboutAlert = isOwn(candidate, selectors, instance.labels)
      if (moved) (isAboutAlert ? found.own : found.others).push(moved)
      if (!isAboutAlert) found.count++
      if (found.count % atOnce === atOnce - 1) await new Promise((resolve) => setImmediate(resolve))
    }
  } finally {
    cancelDeadline()
  }
  return { moved: rankMovers(found.others, found.own, activeSinceMs), seriesSearched: found.count }
}
