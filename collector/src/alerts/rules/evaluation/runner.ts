import { type Clock, createJumpWatch } from '../../../lib/clock.ts'
import { messageOf } from '../../../lib/errors.ts'
import type { AlertInstance } from '../../../model/alert-records.ts'
import type { Rule } from '../definition/rule.ts'
import type { StoredSeries } from '../samples/samples.ts'
import { moved } from './advance.ts'
import { type Changed, evaluate, evaluateError, isActive, isSilent, type Transition } from './evaluate.ts'
import type { Collected, Feed, FeedView, Why } from './feed.ts'
import type { Failure } from './self-rule.ts'
import type { Ticks } from './ticks.ts'
import type { Turns } from './turns.ts'

export type RunnerOptions = {
  readonly rule: Rule
  readonly clock: Clock
  readonly turns: Turns
  readonly ticks: Ticks
  readonly createFeed: (listeners: { onFresh: () => void; onAnswer: () => void }) => Feed
  /** Makes transitions known, and gives back the instances that it completed. */
  readonly publish: (transitions: readonly Transition[]) => readonly AlertInstance[]
  /** Null: the rule was evaluated. */
  readonly onOutcome: (rule: Rule, failure: Failure | null) => void
}

/** Evaluates one rule: at once when fresh samples came, and by the clock. */
export function createRunner({ rule, clock, turns, ticks, createFeed, publish, onOutcome }: RunnerOptions) {
  const instances = new Map<string, AlertInstance>()
  const feed = createFeed({ onFresh: () => ask('fresh'), onAnswer })
  const jumped = createJumpWatch(clock)
  let active = 0
  let silent = 0
  /** Label sets of which the last evaluation could not say whether it holds. */
  const unsure = new Set<string>()
  /** Label sets of which it was false only while rules that it looks at are pending. */
  const awaiting = new Set<string>()
  let failures = 0
  let lastError: string | null = null
  let lastEvaluationMs: number | null = null
  /** The same, by the clock that only ever goes on. */
  let evaluatedAtMs: number | null = null
  const view = { nowMs: 0, before: (id: string) => instances.get(id), instances: () => instances.values() } satisfies FeedView
  let isRunning = false
  let cancelTick = () => {}
  let onReady = () => {}
  let isSeeded = false

  function ask(why: Why): void {
    // A rule that failed is tried again as a whole by the clock, not at every sample.
    if (!isRunning || (why === 'fresh' && failures > 0)) return
    turns.take(runner, why)
  }

  function onAnswer(): void {
    ask('all')
    onReady()
  }

  /** Whether the machine's time was set since the last look; durations stay what they were. */
  function followClock(): boolean {
    const jumpMs = jumped()
    if (jumpMs !== 0) for (const [id, instance] of instances) instances.set(id, moved(instance, jumpMs))
    return jumpMs !== 0
  }

  function evaluateNow(why: Why): Collected | undefined {
    if (!isRunning) return undefined
    const nowMs = clock.now()
    const wasSet = followClock()
    view.nowMs = nowMs
    // Times at which label sets are due are of no use when the clock was set.
    const collected = tryCollect(feed, failures > 0 || wasSet ? 'all' : why, view)
    if ('waiting' in collected) return collected
    const failure = 'failure' in collected ? collected.failure : judge(collected, nowMs)
    failures = failure ? failures + 1 : 0
    if (failure) applyError(failure.error, nowMs)
    lastError = failure?.error ?? null
    seen(nowMs)
    onOutcome(rule, failure)
    return collected
  }

  function seen(nowMs: number): void {
    lastEvaluationMs = nowMs
    evaluatedAtMs = clock.monotonic()
  }

  function judge({ due }: Extract<Collected, { due: unknown }>, nowMs: number): Failure | null {
    const evaluation = evaluate(rule, due, { active, silent }, nowMs)
    if (!evaluation.ok) return { source: 'rule', error: evaluation.error }
    for (const { identity, reading } of due) {
      if (reading.verdict === 'inconclusive') unsure.add(identity.id)
      else if (unsure.size > 0) unsure.delete(identity.id)
      if (reading.awaits) awaiting.add(identity.id)
      else if (awaiting.size > 0) awaiting.delete(identity.id)
    }
    apply(evaluation.changed, evaluation.transitions)
    return null
  }

  function applyError(error: string, nowMs: number): void {
    if (rule.onError === 'keep') return
    const { changed, transitions } = evaluateError(rule, [...instances.values()], { failures, error }, nowMs)
    apply(changed, transitions)
  }

  function apply(changed: readonly Changed[], transitions: readonly Transition[]): void {
    for (const { id, instance } of changed) keep(id, instance)
    for (const instance of publish(transitions)) keep(instance.id, instance)
  }

  function count(before: AlertInstance | undefined, now: AlertInstance | undefined): void {
    active += Number(isActive(now)) - Number(isActive(before))
    silent += Number(isSilent(now)) - Number(isSilent(before))
  }

  function keep(id: string, instance: AlertInstance | undefined): void {
    const isOver = !instance || (instance.state === 'ok' && feed.isStandIn(id))
    count(instances.get(id), instance)
    if (!isOver) {
      instances.set(id, instance)
      return
    }
    instances.delete(id)
    unsure.delete(id)
    awaiting.delete(id)
    if (!instance) feed.forget(id)
  }

  function catchUp(): boolean {
    const wasSet = followClock()
    if (wasSet) ask('all')
    return wasSet
  }

  /** While nothing can have changed, an evaluation is nothing but its time. */
  function tick(): void {
    const nowMs = clock.now()
    if (catchUp()) return
    if (failures === 0 && feed.rests(nowMs)) seen(nowMs)
    else ask('clock')
  }

  const runner = {
    rule,
    /** Brings stored samples, after which the window is known as far back as they reach. */
    seed: (input: number, series: readonly StoredSeries[], fromMs: number): void => feed.seed(input, series, fromMs),
    /** Takes up alerts that the rule had in an earlier process, or as it was before a reload. */
    takeOver(restored: readonly AlertInstance[]): void {
      jumped()
      for (const instance of restored) instances.set(instance.id, instance)
      active = restored.filter(isActive).length
      silent = restored.filter(isSilent).length
      feed.restore(restored)
    },
    /** Nobody listened for so long before the start. */
    missed: (awayMs: number): void => feed.missed(awayMs),
    /** Takes over the samples of what the rule was before a reload, as far as it looks at the same ones. */
    inherit(before: { readonly feed: Feed }): void {
      isSeeded = feed.inherit(before.feed)
    },
    /** Whether its windows are known without the store. */
    isSeeded: (): boolean => isSeeded,
    feed,
    /** Its alerts, for whoever goes on with them. */
    handOver(): readonly AlertInstance[] {
      followClock()
      runner.stop()
      return [...instances.values()]
    },
    /** Asks the store what the rule needs of it, and resolves when it can be evaluated, or when it is said to be too late. */
    async ready(signal: AbortSignal): Promise<void> {
      signal.addEventListener('abort', () => onReady(), { once: true })
      view.nowMs = clock.now()
      while (!signal.aborted && 'waiting' in tryCollect(feed, 'all', view)) {
        await new Promise<void>((resolve) => {
          onReady = resolve
        })
        view.nowMs = clock.now()
      }
    },
    start(): void {
      isRunning = true
      cancelTick = ticks.every(rule.everyMs, tick)
      evaluateNow('all')
    },
    stop(): void {
      isRunning = false
      cancelTick()
      feed.close()
    },
    /** Something that the rule depends on has changed. */
    wake: (): void => ask('all'),
    /** The machine's time may have been set; the alerts have their times by the new one then. */
    catchUp,
    /** Gives back what was read. */
    evaluateNow,
    instances: (): ReadonlyMap<string, AlertInstance> => instances,
    isUnsure: (id: string): boolean => unsure.has(id),
    isAwaiting: (id: string): boolean => awaiting.has(id),
    drop(id: string): void {
      count(instances.get(id), undefined)
      instances.delete(id)
      unsure.delete(id)
      awaiting.delete(id)
      feed.forget(id)
    },
    /** Takes over what was learned of an instance beside its rule. */
    amend(instance: AlertInstance): void {
      if (instances.has(instance.id)) instances.set(instance.id, instance)
    },
    status: () => ({ lastError, lastEvaluationMs, evaluatedAtMs }),
  }
  return runner
}

export type Runner = ReturnType<typeof createRunner>

function tryCollect(feed: Feed, why: Why, view: FeedView): Collected {
  try {
    return feed.collect(why, view)
  } catch (thrown) {
    return { failure: { source: 'rule', error: messageOf(thrown) } }
  }
}
