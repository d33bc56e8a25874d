import type { Rule } from './rule.ts'

/**
 * The rule about the rules: fires while any of them cannot be evaluated. One alert for all of them,
 * for fifty rules that fail together have one cause.
 */
export function selfRule(failing: ReadonlyMap<string, string>): Rule {
  const names = [...failing.keys()]
  const shown = names.slice(0, 5).join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '')
  const first = [...failing.values()][0] ?? ''
  return {
    name: 'RuleEvaluationFailing',
    source: { measurement: 'tidewatch', field: 'failing_rules', where: [], groupBy: null },
    aggregate: 'last',
    windowMs: 60_000,
    condition: { kind: 'above', limit: 0, until: null },
    forMs: 0,
    keepFiringForMs: 0,
    severity: 'high',
    labels: {},
    annotations: {
      summary: withoutTemplates(`${failing.size} of the alert rules cannot be evaluated: ${shown}`),
      description: withoutTemplates(`Their alerts stay as they were. The first says: ${first}`),
    },
    onNoData: 'ok',
    noDataAfter: 1,
    minSamples: 1,
    everyMs: 10_000,
    limit: 10,
  }
}

function withoutTemplates(text: string): string {
  return text.replaceAll('{{', '{ {')
}
