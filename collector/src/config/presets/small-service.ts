import type { RuleInput } from '../../alerts/rules/definition/rule-schema.ts'
import { busyProcessors, failingRequests, fullMemory, slowRequests } from './limits.ts'

/** One service on one machine. What its makers call critical is mailed at once and calls nobody: emergencies do, so it is high. */
export const smallService: readonly RuleInput[] = [
  busyProcessors({ name: 'small-service-cpu', limit: 80, for: '5m', severity: 'warning' }),
  fullMemory({ name: 'small-service-memory', limit: 85, for: '5m', severity: 'warning' }),
  {
    name: 'small-service-disk',
    source: { measurement: 'disk', field: 'used_percent' },
    condition: { above: 90, until: 85 },
    severity: 'high',
    annotations: { summary: '{{labels.path}} of {{labels.host}} is more than 90 % full' },
  },
  slowRequests(1000, { name: 'small-service-slow', severity: 'warning' }),
  failingRequests(5, { name: 'small-service-errors', severity: 'high' }),
]
