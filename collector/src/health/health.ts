import type { ComponentHealth, OverallStatus } from '../model/health.ts'

/** Runs the probes and knows the state of every component. */
export interface Health {
  start(): void
  stop(): Promise<void>
  overall(): OverallStatus
  components(): readonly ComponentHealth[]
  /** Takes what a heartbeat component says of itself; throws NOT_FOUND for a name that is not configured. */
  heartbeat(name: string, beat: { environment?: string; status: 'up' | 'degraded' | 'down'; message: string; latencyMs?: number }): void
}
