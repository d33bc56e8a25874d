import type { RuleInput } from '../../alerts/rules/definition/rule-schema.ts'
import { failingRequests, slowRequests } from './limits.ts'

/** A site that shall answer within a second. */
export const web: readonly RuleInput[] = [
  slowRequests(1000, { name: 'web-slow', severity: 'warning' }),
  failingRequests(5, { name: 'web-errors', severity: 'high' }),
]
