import type { RuleInput } from '../../alerts/rules/definition/rule-schema.ts'

/** Calls to other people's services, as applications push them: `integrations`, fields `count` and `failed`, tag `provider`. */
export const integrations: readonly RuleInput[] = [
  {
    name: 'integration-failing',
    kind: 'ratio',
    source: { measurement: 'integrations', field: 'failed', group_by: ['provider', 'environment'] },
    over: { field: 'count' },
    as: 'percent',
    window: '10m',
    condition: { above: 20, until: 10 },
    min_samples: 5,
    severity: 'warning',
    annotations: { summary: '{{value}} % of the calls to {{labels.provider}} fail' },
  },
]
