import type { ComponentState, ProbeResult } from '../model/health.ts'

/** What the probe found, without planned work: that is laid over it. */
export type JudgedState = Extract<ComponentState, 'up' | 'degraded' | 'down' | 'unknown'>

/** The state of a component and how long its latest results have pointed elsewhere. */
export type Judgement = {
  readonly state: JudgedState
  /** Results in a row that were bad: degraded or worse, and down. */
  readonly worse: { readonly degraded: number; readonly down: number }
  /** Results in a row that were good: up, and degraded or better. */
  readonly better: { readonly up: number; readonly degraded: number }
}

export type Thresholds = { readonly failureThreshold: number; readonly successThreshold: number }

export const unjudged: Judgement = { state: 'unknown', worse: { degraded: 0, down: 0 }, better: { up: 0, degraded: 0 } }

/**
 * Takes one result into account.
 *
 * Pure. The first result decides at once; so does one the probe is certain of. Later ones have to
 * repeat themselves: `failureThreshold` times to make the state worse, `successThreshold` times to
 * make it better, and any result on the other side starts the count anew.
 */
export function judge(before: Judgement, result: ProbeResult, thresholds: Thresholds): Judgement {
  const found = foundState(result)
  const worse = {
    degraded: found === 'up' ? 0 : before.worse.degraded + 1,
    down: found === 'down' ? before.worse.down + 1 : 0,
  }
  const better = {
    up: found === 'up' ? before.better.up + 1 : 0,
    degraded: found === 'down' ? 0 : before.better.degraded + 1,
  }
  const decides = before.state === 'unknown' || result.certain === true
  return { state: decides ? found : settledState(before.state, worse, better, thresholds), worse, better }
}

/** The state a single result speaks for. */
export function foundState(result: ProbeResult): 'up' | 'degraded' | 'down' {
  if (!result.ok) return 'down'
  return result.degraded ? 'degraded' : 'up'
}

function settledState(
  state: JudgedState,
  worse: Judgement['worse'],
  better: Judgement['better'],
  { failureThreshold, successThreshold }: Thresholds,
): JudgedState {
  if (state !== 'down' && worse.down >= failureThreshold) return 'down'
  if (state === 'up' && worse.degraded >= failureThreshold) return 'degraded'
  if (state !== 'up' && better.up >= successThreshold) return 'up'
  if (state === 'down' && better.degraded >= successThreshold) return 'degraded'
  return state
}
