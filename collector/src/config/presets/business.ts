import type { RuleInput } from '../../alerts/rules/definition/rule-schema.ts'

/** Sales, as applications push them: `orders` (`count`, `failed`), `payments` (`count`, `failed`) and `revenue` (`amount`). */
export const business: readonly RuleInput[] = [
  {
    name: 'revenue-fell',
    kind: 'compare',
    source: { measurement: 'revenue', field: 'amount', group_by: ['shop'] },
    aggregate: 'sum',
    window: '1h',
    offset: '1w',
    condition: { below: -30, until: -20 },
    min_samples: 10,
    for: '10m',
    severity: 'high',
    annotations: { summary: 'Revenue of {{labels.shop}} changed by {{value}} % against the same hour last week' },
  },
  failing('orders', 'high'),
  failing('payments', 'critical'),
]

function failing(measurement: string, severity: 'high' | 'critical'): RuleInput {
  return {
    name: `${measurement}-failing`,
    kind: 'ratio',
    source: { measurement, field: 'failed', group_by: ['shop'] },
    over: { field: 'count' },
    as: 'percent',
    window: '15m',
    condition: { above: 5, until: 2 },
    min_samples: 20,
    severity,
    annotations: { summary: `{{value}} % of the ${measurement} of {{labels.shop}} fail` },
  }
}
