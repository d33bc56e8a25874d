import type { Clock } from '../lib/clock.ts'
import { messageOf } from '../lib/errors.ts'
import type { AlertInstance } from '../model/alert-records.ts'
import { type Evaluation, evaluate, type Instances, type Transition } from './evaluate.ts'
import type { Rule } from './rule.ts'
import type { SampleSeries, Samples } from './samples.ts'

export type RunnerOptions = {
  readonly rule: Rule
  readonly samples: Samples
  readonly clock: Clock
  readonly restored: readonly AlertInstance[]
  /** Takes the transitions, and gives back the instances that it completed. */
  readonly onTransitions: (rule: Rule, transitions: readonly Transition[]) => readonly AlertInstance[]
  readonly onOutcome: (rule: Rule, error: string | null) => void
}

/** Between two evaluations for fresh samples a rule rests ten times as long as the last one took. */
const restFactor = 10

/** Evaluates one rule: at once when fresh samples came, and by the clock. */
export function createRunner({ rule, samples, clock, restored, onTransitions, onOutcome }: RunnerOptions) {
  const watch = samples.watch(rule.source, rule.windowMs, onFresh)
  let instances: Instances = new Map(restored.map((instance) => [instance.id, instance]))
  let windowKnownFromMs = clock.now()
  let lastError: string | null = null
  let lastEvaluationMs: number | null = null
  let restUntilMs = 0
  let isAwaitingFresh = false
  let isRunning = false
  let cancelTick = () => {}

  function onFresh(): void {
    if (isAwaitingFresh || !isRunning) return
    isAwaitingFresh = true
    clock.after(Math.max(0, restUntilMs - clock.now()), () => {
      isAwaitingFresh = false
      if (isRunning) evaluateNow()
    })
  }

  function evaluateNow(): void {
    const nowMs = clock.now()
    const evaluation = tryEvaluate(nowMs)
    lastEvaluationMs = nowMs
    lastError = evaluation.ok ? null : evaluation.error
    if (evaluation.ok) take(evaluation)
    restUntilMs = clock.now() + (clock.now() - nowMs) * restFactor
    onOutcome(rule, lastError)
  }

  function tryEvaluate(nowMs: number): Evaluation {
    try {
      const isWindowKnown = windowKnownFromMs <= nowMs - rule.windowMs
      return evaluate(rule, watch.series(nowMs - rule.windowMs, nowMs), instances, { nowMs, isWindowKnown })
    } catch (thrown) {
      return { ok: false, error: messageOf(thrown) }
    }
  }

  function take(evaluation: Evaluation & { ok: true }): void {
    instances = evaluation.instances
    const completed = onTransitions(rule, evaluation.transitions)
    if (completed.length > 0) instances = new Map([...instances, ...completed.map((instance) => [instance.id, instance] as const)])
  }

  function tick(): void {
    cancelTick = clock.after(rule.everyMs, tick)
    evaluateNow()
  }

  return {
    rule,
    /** Brings stored samples, after which the window is known as far back as they reach. */
    seed(series: readonly SampleSeries[], fromMs: number): void {
      watch.seed(series)
      windowKnownFromMs = fromMs
    },
    start(): void {
      isRunning = true
      tick()
    },
    stop(): void {
      isRunning = false
      cancelTick()
      watch.close()
    },
    instances: (): Instances => instances,
    /** Forgets an instance; it comes back when the condition holds at a later evaluation. */
    drop(id: string): void {
      instances = new Map([...instances].filter(([known]) => known !== id))
    },
    status: () => ({ lastError, lastEvaluationMs }),
  }
}

export type Runner = ReturnType<typeof createRunner>
