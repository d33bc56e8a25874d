import type { ComponentHealth, Heartbeat, OverallStatus } from '../model/health.ts'

/** Runs the probes and knows the state of every component. */
export interface Health {
  start(): void
  stop(): Promise<void>
  overall(): OverallStatus
  components(): readonly ComponentHealth[]
  /**
   * Takes what a heartbeat component says of itself; throws NOT_FOUND for a name that is not
   * configured and BAD_REQUEST for one that is checked in another way.
   */
  heartbeat(name: string, beat: Heartbeat & { readonly environment?: string }): void
}
