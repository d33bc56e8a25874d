import type { RuleInput } from '../../alerts/rules/definition/rule-schema.ts'
import { busyProcessors, failingRequests, fullMemory, slowRequests } from './limits.ts'

/** Services that scale out: alarms only when a machine is nearly full. */
export const platform: readonly RuleInput[] = [
  busyProcessors({ name: 'platform-cpu', limit: 90, for: '5m', severity: 'warning' }),
  fullMemory({ name: 'platform-memory', limit: 95, for: '5m', severity: 'critical' }),
  slowRequests(2000, { name: 'platform-slow', severity: 'warning' }),
  failingRequests(5, { name: 'platform-errors', severity: 'critical' }),
]
