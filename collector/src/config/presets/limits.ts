import type { RuleInput } from '../../alerts/rules/definition/rule-schema.ts'

type Limit = Pick<RuleInput, 'name' | 'for' | 'severity'>

/** How long requests take on average: `sum_ms` by `count` of `http_server`, by service. */
export function slowRequests(milliseconds: number, rule: Limit): RuleInput {
  return {
    ...rule,
    kind: 'ratio',
    source: { measurement: 'http_server', field: 'sum_ms', group_by: ['service', 'environment'] },
    over: { field: 'count' },
    window: '5m',
    condition: { above: milliseconds, until: milliseconds * 0.8 },
    min_samples: 20,
    annotations: { summary: `{{labels.service}} takes {{value}} ms for a request, over ${milliseconds} ms` },
  }
}

/** The share of requests that failed: `error_count` by `count` of `http_server`, by service. */
export function failingRequests(percent: number, rule: Limit): RuleInput {
  return {
    ...rule,
    kind: 'ratio',
    source: { measurement: 'http_server', field: 'error_count', group_by: ['service', 'environment'] },
    over: { field: 'count' },
    as: 'percent',
    window: '5m',
    condition: { above: percent, until: percent * 0.8 },
    min_samples: 20,
    annotations: {
      summary: `{{value}} % of the requests of {{labels.service}} fail ({{facts.part}} of {{facts.whole}}), over ${percent} %`,
    },
  }
}

type Used = Limit & { readonly limit: number }

/** Processors busier than so many percent. */
export const busyProcessors = ({ limit, ...rule }: Used): RuleInput => ({
  ...rule,
  source: { measurement: 'cpu', field: 'usage_idle', where: { cpu: 'cpu-total' } },
  aggregate: 'mean',
  window: '5m',
  condition: { below: 100 - limit, until: 105 - limit },
  annotations: { summary: `The processors of {{labels.host}} are more than ${limit} % busy` },
})

/** Memory used beyond so many percent. */
export const fullMemory = ({ limit, ...rule }: Used): RuleInput => ({
  ...rule,
  source: { measurement: 'mem', field: 'available_percent' },
  aggregate: 'mean',
  window: '5m',
  condition: { below: 100 - limit, until: 102 - limit },
  annotations: { summary: `More than ${limit} % of the memory of {{labels.host}} is used` },
})
