import type { AlertInstance } from '../../model/alert-records.ts'
import { holds } from './condition.ts'
import type { Measured } from './measure.ts'
import type { Rule } from './rule.ts'

/** What one evaluation says of one label set; `missing` means that it had no data at all. */
export type Verdict = 'true' | 'false' | 'inconclusive' | 'missing'

/** The moving part of an instance; everything else follows from its rule and its series. */
export type Phase = Pick<AlertInstance, 'state' | 'activeSinceMs' | 'firedAtMs' | 'recoveringSinceMs' | 'missingSinceMs'>

export const calm: Phase = { state: 'ok', activeSinceMs: null, firedAtMs: null, recoveringSinceMs: null, missingSinceMs: null }

/** A label set without data that never fired is forgotten after this; one that fired is not. */
const forgetMissingAfterMs = 3_600_000

/** Aggregates whose value is too small while the window is only partly known. */
const growsWithWindow = new Set<unknown>(['sum', 'count', 'increase'])

/**
 * Judges a value. While the window is not yet wholly known (after a start without stored samples),
 * nothing is called over, and what grows with the window is not judged at all.
 */
export function judge(rule: Rule, measured: Measured, isFiring: boolean, isWindowKnown: boolean): Verdict {
  if (measured.value === null || Number.isNaN(measured.value)) return 'inconclusive'
  const isHolding = holds(rule.condition, measured.value, isFiring)
  if (isWindowKnown || rule.aggregate === 'last') return isHolding ? 'true' : 'false'
  return isHolding && !growsWithWindow.has(rule.aggregate) ? 'true' : 'inconclusive'
}

/** The next phase of one instance; undefined when it is to be forgotten. */
export function advance(rule: Rule, before: Phase, verdict: Verdict, nowMs: number): Phase | undefined {
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
function rise(rule: Rule, before: Phase, nowMs: number): Phase {
  const activeSinceMs = before.activeSinceMs ?? nowMs
  const firedAtMs = nowMs - activeSinceMs >= rule.forMs ? (before.firedAtMs ?? nowMs) : null
  return named({ ...before, activeSinceMs, firedAtMs, recoveringSinceMs: null, missingSinceMs: null })
}

/** It does not hold: a pending one is dropped, a firing one kept for `keep_firing_for`. */
function fall(rule: Rule, before: Phase, nowMs: number): Phase {
  if (before.firedAtMs === null || rule.keepFiringForMs === 0) return calm
  const recoveringSinceMs = before.recoveringSinceMs ?? nowMs
  if (nowMs - recoveringSinceMs >= rule.keepFiringForMs) return calm
  return named({ ...before, recoveringSinceMs, missingSinceMs: null })
}

function miss(rule: Rule, before: Phase, nowMs: number): Phase | undefined {
  if (rule.onNoData === 'ok') return fall(rule, before, nowMs)
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
