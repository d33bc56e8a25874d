import type { AlertInstance } from '../../../model/alert-records.ts'
import type { RuleFrame, Verdict } from '../definition/rule.ts'

/** The moving part of an instance; everything else follows from its rule and its series. */
export type Phase = Pick<AlertInstance, 'state' | 'activeSinceMs' | 'firedAtMs' | 'recoveringSinceMs' | 'missingSinceMs'>

export const calm: Phase = { state: 'ok', activeSinceMs: null, firedAtMs: null, recoveringSinceMs: null, missingSinceMs: null }

/** A label set without data that never fired is forgotten after this; one that fired is not. */
const forgetMissingAfterMs = 3_600_000

/** The next phase of one instance; undefined when it is to be forgotten. */
export function advance(rule: RuleFrame, before: Phase, verdict: Verdict, nowMs: number): Phase | undefined {
  switch (verdict) {
    case 'true':
      return rise(rule, before, nowMs)
    case 'false':
      return fall(rule, before, nowMs)
    case 'inconclusive':
      return named({ ...before, missingSinceMs: null })
    case 'missing':
      return miss(rule, before, nowMs)
  }
}

/** It holds: pending until `for` has passed, then firing. A longer `for` makes a firing one pending again. */
function rise(rule: RuleFrame, before: Phase, nowMs: number): Phase {
  const activeSinceMs = before.activeSinceMs ?? nowMs
  const firedAtMs = nowMs - activeSinceMs >= rule.forMs ? (before.firedAtMs ?? nowMs) : null
  return named({ ...before, activeSinceMs, firedAtMs, recoveringSinceMs: null, missingSinceMs: null })
}

/** It does not hold: a pending one is dropped, a firing one kept for `keep_firing_for`. */
function fall(rule: RuleFrame, before: Phase, nowMs: number): Phase {
  if (before.firedAtMs === null || rule.keepFiringForMs === 0) return calm
  const recoveringSinceMs = before.recoveringSinceMs ?? nowMs
  if (nowMs - recoveringSinceMs >= rule.keepFiringForMs) return calm
  return named({ ...before, recoveringSinceMs, missingSinceMs: null })
}

function miss(rule: RuleFrame, before: Phase, nowMs: number): Phase | undefined {
  if (rule.onNoData === 'ok') {
    const next = fall(rule, before, nowMs)
    // Nothing more is to be told of it, and of what comes and goes there would be ever more.
    return next === calm && before.state === 'ok' ? undefined : next
  }
  if (rule.onNoData === 'alert') return { ...rise(rule, before, nowMs), missingSinceMs: before.missingSinceMs ?? nowMs }
  const missingSinceMs = before.missingSinceMs ?? nowMs
  if (before.firedAtMs === null && nowMs - missingSinceMs >= forgetMissingAfterMs) return undefined
  const isOverdue = nowMs - missingSinceMs >= (rule.noDataAfter - 1) * rule.everyMs
  if (rule.onNoData === 'keep' || !isOverdue) return { ...before, missingSinceMs }
  return { ...before, state: 'no_data', missingSinceMs, activeSinceMs: before.firedAtMs === null ? null : before.activeSinceMs }
}

/** The state follows from the times. */
function named(phase: Phase): Phase {
  return { ...phase, state: stateOf(phase) }
}

function stateOf(phase: Phase): Phase['state'] {
  if (phase.recoveringSinceMs !== null) return 'recovering'
  if (phase.firedAtMs !== null) return 'firing'
  return phase.activeSinceMs === null ? 'ok' : 'pending'
}

/** The next phase of an instance whose rule could not be evaluated, for the time it has failed that often. */
export function advanceOnError(rule: RuleFrame, before: Phase, failures: number, nowMs: number): Phase {
  switch (rule.onError) {
    case 'alert':
      return rise(rule, before, nowMs)
    case 'ok':
      return fall(rule, before, nowMs)
    case 'error':
      return failures >= rule.noDataAfter ? { ...before, state: 'error' } : before
    case 'keep':
      return before
  }
}

/** Its durations stay what they were, though the time is another: the clock was set, or nobody looked for a while. */
export function moved(instance: AlertInstance, byMs: number): AlertInstance {
  const move = (timeMs: number | null) => (timeMs === null ? null : timeMs + byMs)
  const { activeSinceMs, recoveringSinceMs, missingSinceMs } = instance
  return {
    ...instance,
    activeSinceMs: move(activeSinceMs),
    recoveringSinceMs: move(recoveringSinceMs),
    missingSinceMs: move(missingSinceMs),
  }
}
