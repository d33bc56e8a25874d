import type { RuleStatus } from '../../../contract/alerts.ts'
import { kindOf, seriesKindOf } from '../definition/kind-of.ts'
import type { Rule } from '../definition/rule.ts'
import type { Runner } from './runner.ts'

const worstFirst = ['firing', 'error', 'recovering', 'no_data', 'pending'] as const

/** A rule's state is the worst of its alerts; its health says whether it can be evaluated. */
export function ruleStatus(runner: Runner): RuleStatus {
  const { rule } = runner
  const { lastError, lastEvaluationMs } = runner.status()
  const states = new Set([...runner.instances().values()].map(({ state }) => state))
  const isSilent = rule.onNoData === 'ok' || seriesKindOf(rule)?.nothing !== undefined
  const hasNothing = states.size === 0 && lastEvaluationMs !== null && !isSilent
  return {
    name: rule.name,
    severity: rule.severity ?? 'warning',
    state: worstFirst.find((state) => states.has(state)) ?? (hasNothing ? 'no_data' : 'ok'),
    health: lastEvaluationMs === null ? 'unknown' : lastError === null ? 'ok' : 'error',
    lastError,
    lastEvaluation: lastEvaluationMs === null ? null : new Date(lastEvaluationMs).toISOString(),
    alerts: [...runner.instances().values()].filter(({ state }) => state !== 'ok').length,
    ...inWords(rule),
    definition: rule,
  }
}

function inWords({ kind, options, forMs, keepFiringForMs, everyMs, labels, annotations }: Rule) {
  const { what, limit } = kindOf(kind).words(options)
  return { query: `${what}: ${limit}`, forMs, keepFiringForMs, everyMs, labels, annotations }
}

const graceMs = 60_000

/** Whether rules are evaluated when they should be: none is long overdue, and not all of them fail. */
export function isEvaluating(runners: readonly Runner[], monotonicMs: number): boolean {
  const isOverdue = ({ rule, status }: Runner): boolean =>
    monotonicMs - (status().evaluatedAtMs ?? monotonicMs) > 3 * rule.everyMs + graceMs
  const isFailing = ({ status }: Runner): boolean => status().lastError !== null
  return !runners.some(isOverdue) && (runners.length === 0 || !runners.every(isFailing))
}
