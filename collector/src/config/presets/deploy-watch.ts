import type { RuleInput } from '../../alerts/rules/definition/rule-schema.ts'
import { failingRequests, fullMemory, slowRequests } from './limits.ts'

/** What must hold while versions follow each other quickly. */
export const deployWatch: readonly RuleInput[] = [
  fullMemory({ name: 'deploy-watch-memory', limit: 80, severity: 'warning' }),
  slowRequests(5000, { name: 'deploy-watch-slow', for: '5m', severity: 'high' }),
  { ...failingRequests(10, { name: 'deploy-watch-errors', for: '2m', severity: 'critical' }), window: '2m' },
]
