import type { RuleInput } from '../../alerts/rules/definition/rule-schema.ts'

/** This machine, as the host source reads it. */
export const host: readonly RuleInput[] = [
  {
    name: 'host-cpu-high',
    source: { measurement: 'cpu', field: 'usage_idle', where: { cpu: 'cpu-total' } },
    aggregate: 'mean',
    window: '5m',
    condition: { below: 10, until: 20 },
    for: '10m',
    min_samples: 10,
    severity: 'warning',
    annotations: { summary: 'The processors of {{labels.host}} have been more than 90 % busy for 10 minutes' },
  },
  {
    name: 'host-memory-high',
    source: { measurement: 'mem', field: 'available_percent' },
    aggregate: 'mean',
    window: '2m',
    condition: { below: 5, until: 10 },
    for: '5m',
    severity: 'high',
    annotations: { summary: 'Less than 5 % of the memory of {{labels.host}} is available' },
  },
  {
    name: 'host-disk-full',
    source: { measurement: 'disk', field: 'used_percent' },
    condition: { above: 90, until: 85 },
    for: '5m',
    severity: 'high',
    annotations: { summary: '{{labels.path}} of {{labels.host}} is more than 90 % full' },
  },
]
