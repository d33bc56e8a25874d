import type { RuleInput } from '../../alerts/rules/definition/rule-schema.ts'

const labels = { category: 'security' }

/** Attacks, as applications push them: `security`, fields `failed_logins` and `threats`. */
export const security: readonly RuleInput[] = [
  {
    name: 'failed-logins',
    source: { measurement: 'security', field: 'failed_logins', group_by: ['service', 'environment'] },
    aggregate: 'sum',
    window: '5m',
    condition: { above: 20, until: 5 },
    on_no_data: 'ok',
    severity: 'critical',
    labels,
    annotations: { summary: '{{value}} failed logins on {{labels.service}} within {{window}}' },
  },
  {
    name: 'threat-detected',
    source: { measurement: 'security', field: 'threats', group_by: ['service', 'environment'] },
    aggregate: 'sum',
    window: '5m',
    condition: { above: 0 },
    on_no_data: 'ok',
    severity: 'critical',
    labels,
    annotations: { summary: '{{value}} threats were detected on {{labels.service}} within {{window}}' },
  },
]
