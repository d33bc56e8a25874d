import type { RuleInput } from '../alerts/rules/rule-schema.ts'

/** This machine, as the host source reads it. */
const host: readonly RuleInput[] = [
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

/** The components, by the states the health matrix shows: 1 is degraded, 2 is down. */
const components: readonly RuleInput[] = [
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

/** Rules that are worth having before anyone wrote one. `presets: []` switches them off. */
export const presets = { host, components } as const

export const presetNames = Object.keys(presets) as (keyof typeof presets)[]
