import type { ComponentHealth, OverallStatus } from '../model/health.ts'

/**
 * One word for all components: a critical one down makes CRITICAL; one degraded, or a non-critical
 * one down, makes DEGRADED. Planned work and components without a result do not count.
 */
export function overallStatus(components: readonly Pick<ComponentHealth, 'state' | 'critical'>[]): OverallStatus {
  if (components.some(({ state, critical }) => state === 'down' && critical)) return 'CRITICAL'
  return components.some(({ state }) => state === 'down' || state === 'degraded') ? 'DEGRADED' : 'HEALTHY'
}
