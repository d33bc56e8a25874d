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
  readonly latencyMs: number
  readonly message: string
}

export interface Probe {
  /** Resolves within the signal's life; throws only on programmer errors. */
  check(signal: AbortSignal): Promise<ProbeResult>
}
