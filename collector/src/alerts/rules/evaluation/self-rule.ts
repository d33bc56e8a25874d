import { inconclusive } from '../definition/judge.ts'
import type { Reading, Rule } from '../definition/rule.ts'

/** Why a rule cannot be evaluated; rules that fail for one reason are told of in one alert. */
export type Failure = { readonly source: 'rule' | 'store'; readonly error: string }

/**
 * The rule about the rules: fires while any of them cannot be evaluated. One alert for all that fail
 * for the same source, for fifty rules on a store that is down have one cause.
 */
export function selfRule(source: Failure['source'], failing: ReadonlyMap<string, Failure>): { rule: Rule; reading: Reading } {
  const found = [...failing].filter(([, failure]) => failure.source === source)
  const names = found.map(([name]) => name)
  const shown = names.slice(0, 5).join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '')
  const first = found[0]?.[1].error ?? ''
  const rule: Rule = {
    name: 'RuleEvaluationFailing',
    kind: 'threshold',
    options: ownOptions,
    forMs: 0,
    keepFiringForMs: 0,
    severity: 'high',
    labels: {},
    annotations: {
      summary: withoutTemplates(`${found.length} of the alert rules cannot be evaluated: ${shown}`),
      description: withoutTemplates(`Their alerts stay as they were. The first says: ${first}`),
    },
    onNoData: 'ok',
    onError: 'keep',
    noDataAfter: 1,
    minSamples: 1,
    unit: null,
    cooldownMs: 0,
    everyMs: 10_000,
    limit: 10,
  }
  const value = found.length
  return { rule, reading: { ...inconclusive, verdict: value > 0 ? 'true' : 'false', value } }
}

/** It is judged here and not by its kind, but messages name what it is about. */
const ownOptions = {
  source: { measurement: 'tidewatch', field: 'failing_rules', where: [], groupBy: null },
  aggregate: 'last',
  windowMs: 60_000,
  condition: { kind: 'above', limit: 0, until: null },
}

function withoutTemplates(text: string): string {
  return text.replaceAll('{{', '{ {')
}
