import type { RuleInput } from '../../alerts/rules/definition/rule-schema.ts'

/** The components, by the states the health matrix shows: 1 is degraded, 2 is down. */
export const components: readonly RuleInput[] = [
  {
    name: 'component-down',
    source: { measurement: 'health', field: 'state', group_by: ['component', 'environment'] },
    window: '15m',
    // Until it is known to be up again: unknown and maintenance end no alert.
    condition: { equals: 2, until: 1 },
    on_no_data: 'keep',
    severity: 'critical',
    annotations: { summary: '{{labels.component}} in {{labels.environment}} is down' },
  },
  {
    name: 'component-degraded',
    source: { measurement: 'health', field: 'state', group_by: ['component', 'environment'] },
    window: '15m',
    condition: { equals: 1 },
    for: '5m',
    on_no_data: 'keep',
    severity: 'warning',
    annotations: { summary: '{{labels.component}} in {{labels.environment}} has been degraded for 5 minutes' },
  },
]
