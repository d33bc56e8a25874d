import type { RuleInput } from '../../alerts/rules/definition/rule-schema.ts'

/** Connections to databases, as applications push them: `database`, fields `connection_errors` and `query_ms`. */
export const database: readonly RuleInput[] = [
  {
    name: 'database-unreachable',
    source: { measurement: 'database', field: 'connection_errors', group_by: ['service', 'environment'] },
    aggregate: 'sum',
    window: '2m',
    condition: { above: 0 },
    // Who cannot connect may not be able to say so either.
    on_no_data: 'alert',
    severity: 'critical',
    // Where nobody ever said anything, there is no service to name.
    annotations: { summary: 'Connections to the database fail, or nothing is told of them (service "{{labels.service}}")' },
  },
]
