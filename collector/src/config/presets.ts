import type { RuleInput } from '../alerts/rule.ts'

const ofHost = 'of {{labels.host}}'

/**
 * Rules that are worth having before anyone wrote one, by name. `presets: []` switches them off; a
 * rule of the same name in the file takes the place of the preset's.
 */
export const presets = {
  /** This machine: what the host source reads. */
  host: [
    {
      name: 'host-cpu-high',
      source: { measurement: 'cpu', field: 'usage_idle', where: { cpu: 'cpu-total' } },
      aggregate: 'mean',
      window: '5m',
      condition: { below: 10, until: 20 },
      for: '10m',
      min_samples: 10,
      severity: 'warning',
      annotations: { summary: `The processors ${ofHost} have been more than 90 % busy for 10 minutes`, unit: 'percent' },
    },
    {
      name: 'host-memory-high',
      source: { measurement: 'mem', field: 'available_percent' },
      aggregate: 'mean',
      window: '2m',
      condition: { below: 5, until: 10 },
      for: '5m',
      severity: 'high',
      annotations: { summary: `Less than 5 % of the memory ${ofHost} is available`, unit: 'percent' },
    },
    {
      name: 'host-disk-full',
      source: { measurement: 'disk', field: 'used_percent' },
      aggregate: 'last',
      condition: { above: 90, until: 85 },
      for: '5m',
      severity: 'high',
      annotations: { summary: `{{labels.path}} ${ofHost} is more than 90 % full`, unit: 'percent' },
    },
  ],
} as const satisfies Readonly<Record<string, readonly RuleInput[]>>

export const presetNames = Object.keys(presets) as (keyof typeof presets)[]
