import type { ComponentHealth, ComponentState, ProbeResult } from '../model/health.ts'
import type { Component } from './component.ts'
import { foundState, judge, unjudged } from './judge.ts'
import { isInMaintenance } from './maintenance.ts'
import type { ComponentRecord } from './records.ts'

/** What came of one check: a result, or none and why. */
export type Outcome =
  | { readonly result: ProbeResult }
  | { readonly result?: undefined; readonly reason: string; readonly checkerFailed?: boolean }

/** One component of the matrix. Its methods tell whether the state changed. */
export type Cell = {
  readonly component: Component
  take(outcome: Outcome, nowMs: number): boolean
  /** Enters or leaves planned work. */
  refresh(nowMs: number): boolean
  view(): ComponentHealth
}

/**
 * Keeps the state of one component.
 *
 * After a restart it is unknown until the first result. When that confirms the saved state, `since`
 * is the saved one: the restart was ours, not the component's.
 */
export function createCell(component: Component, saved: ComponentRecord | undefined, nowMs: number): Cell {
  let judgement = unjudged
  let latest: ProbeResult | undefined
  let reason = 'not checked yet'
  let checkedMs: number | null = null
  let beforeRestart = saved
  let shown: { state: ComponentState; since: string } = { state: 'unknown', since: new Date(nowMs).toISOString() }

  function refresh(at: number): boolean {
    const state = isInMaintenance(component.maintenance, at) ? 'maintenance' : judgement.state
    if (state === shown.state) return false
    const confirmed = beforeRestart?.state === state ? beforeRestart.since : undefined
    beforeRestart = undefined
    shown = { state, since: confirmed ?? new Date(at).toISOString() }
    return true
  }

  return {
    component,
    refresh,
    take(outcome, at) {
      if (outcome.result) {
        latest = outcome.result
        judgement = judge(judgement, outcome.result, component)
      } else {
        reason = outcome.reason
        // A checker that fails knows nothing: the component may well be fine.
        if (outcome.checkerFailed) [latest, judgement] = [undefined, unjudged]
      }
      checkedMs = at
      return refresh(at)
    },
    view: () => ({
      name: component.name,
      environment: component.environment,
      state: shown.state,
      since: shown.since,
      latencyMs: latest?.latencyMs ?? null,
      message: shown.state === 'maintenance' ? `planned maintenance; last check: ${latest?.message ?? reason}` : describe(),
      probe: component.type,
      critical: component.critical,
      lastCheckedAt: checkedMs === null ? null : new Date(checkedMs).toISOString(),
      ...(component.link === undefined ? {} : { url: component.link }),
    }),
  }

  /** The latest result; where it differs from the state, how far it is from deciding. */
  function describe(): string {
    if (!latest) return reason
    const { state, worse, better } = judgement
    const found = foundState(latest)
    if (found === state) return latest.message
    const count = (seen: number, needed: number, word: string) => `${latest?.message} (${word} ${seen} of ${needed})`
    if (state === 'down' || found === 'up') {
      const seen = found === 'up' ? better.up : better.degraded
      return count(seen, component.successThreshold, 'good result')
    }
    return count(found === 'down' ? worse.down : worse.degraded, component.failureThreshold, 'bad result')
  }
}
