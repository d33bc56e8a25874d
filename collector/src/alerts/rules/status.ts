import type { RuleStatus } from '../../contract/alerts.ts'
import type { Runner } from './runner.ts'

const worstFirst = ['firing', 'recovering', 'no_data', 'pending'] as const

/** A rule's state is the worst of its alerts; its health says whether it can be evaluated. */
export function ruleStatus(runner: Runner): RuleStatus {
  const { rule } = runner
  const { lastError, lastEvaluationMs } = runner.status()
  const states = [...runner.instances().values()].map(({ state }) => state)
  const hasNothing = states.length === 0 && lastEvaluationMs !== null && rule.onNoData !== 'ok'
  return {
    name: rule.name,
    severity: rule.severity,
    state: worstFirst.find((state) => states.includes(state)) ?? (hasNothing ? 'no_data' : 'ok'),
    health: lastEvaluationMs === null ? 'unknown' : lastError === null ? 'ok' : 'error',
    lastError,
    lastEvaluation: lastEvaluationMs === null ? null : new Date(lastEvaluationMs).toISOString(),
    alerts: states.filter((state) => state !== 'ok').length,
    definition: rule,
  }
}
