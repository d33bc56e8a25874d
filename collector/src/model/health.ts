/** Written to the store as 0, 1, 2, 3, 4 in this order. */
export const componentStates = ['up', 'degraded', 'down', 'maintenance', 'unknown'] as const
export type ComponentState = (typeof componentStates)[number]

export type OverallStatus = 'HEALTHY' | 'DEGRADED' | 'CRITICAL'

/** One cell of the health matrix. */
export type ComponentHealth = {
  readonly name: string
  readonly environment: string
  readonly state: ComponentState
  /** RFC 3339: when the state was entered. */
  readonly since: string
  readonly latencyMs: number | null
  readonly message: string
  /** The probe's type: http, tcp, heartbeat, self … */
  readonly probe: string
  readonly critical: boolean
  readonly lastCheckedAt: string | null
  readonly url?: string
}

/** What one run of a probe found; a red probe is a result, not an error. */
export type ProbeResult = {
  readonly ok: boolean
  readonly degraded?: boolean
  /** Set when nothing has to be seen twice: thresholds do not apply. */
  readonly certain?: boolean
  /** Null where nothing was timed. */
  readonly latencyMs: number | null
  /** A sentence for people. */
  readonly message: string
}

/** What a component says of itself. */
export type Heartbeat = {
  readonly status: 'up' | 'degraded' | 'down'
  readonly message: string
  readonly latencyMs?: number
}

export interface Probe {
  /**
   * Resolves within the signal's life, with undefined while there is nothing to say yet; throws only
   * on programmer errors.
   */
  check(signal: AbortSignal): Promise<ProbeResult | undefined>
  /** Only probes that listen have it: takes what the component says of itself. */
  beat?(heartbeat: Heartbeat): ProbeResult
}
