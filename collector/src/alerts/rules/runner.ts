import type { Clock } from '../../lib/clock.ts'
import { messageOf } from '../../lib/errors.ts'
import type { AlertInstance } from '../../model/alert-records.ts'
import { type Evaluation, evaluate, type Transition } from './evaluate.ts'
import { byId, type Instances, withChanged, without } from './instances.ts'
import type { Rule } from './rule.ts'
import type { SampleSeries, Samples, SampleWatch } from './samples.ts'

export type RunnerOptions = {
  readonly rule: Rule
  readonly samples: Samples
  readonly clock: Clock
  readonly restored: readonly AlertInstance[]
  /** Makes transitions known, and gives back the instances that it completed. */
  readonly publish: (transitions: readonly Transition[]) => readonly AlertInstance[]
  /** Null: the rule was evaluated. */
  readonly onOutcome: (rule: Rule, error: string | null) => void
}

/** Between two evaluations for fresh samples a rule rests ten times as long as the last one took. */
const restFactor = 10

/** Evaluates one rule: at once when fresh samples came, and by the clock. */
export function createRunner({ rule, samples, clock, restored, publish, onOutcome }: RunnerOptions) {
  const watch = samples.watch(rule.source, rule.windowMs, onFresh)
  let instances = byId(restored)
  let windowKnownFromMs = clock.now()
  let status: { lastError: string | null; lastEvaluationMs: number | null } = { lastError: null, lastEvaluationMs: null }
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
    const evaluation = tryEvaluate(rule, watch, instances, nowMs, windowKnownFromMs)
    if (evaluation.ok) {
      instances = evaluation.instances
      instances = withChanged(instances, publish(evaluation.transitions))
    }
    status = { lastError: evaluation.ok ? null : evaluation.error, lastEvaluationMs: nowMs }
    restUntilMs = clock.now() + (clock.now() - nowMs) * restFactor
    onOutcome(rule, status.lastError)
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
    drop(id: string): void {
      instances = without(instances, id)
    },
    status: () => status,
  }
}

export type Runner = ReturnType<typeof createRunner>

function tryEvaluate(rule: Rule, watch: SampleWatch, instances: Instances, nowMs: number, windowKnownFromMs: number): Evaluation {
  try {
    const fromMs = nowMs - rule.windowMs
    return evaluate(rule, watch.series(fromMs, nowMs), instances, { nowMs, isWindowKnown: windowKnownFromMs <= fromMs })
  } catch (thrown) {
    return { ok: false, error: messageOf(thrown) }
  }
}
