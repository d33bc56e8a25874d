import type { RuleStatus } from '../../contract/alerts.ts'
import type { Alert } from '../../model/alert.ts'

/** Prometheus knows three states; ours that have none of their own take the nearest. */
const ruleStates: Readonly<Record<RuleStatus['state'], string>> = {
  ok: 'inactive',
  pending: 'pending',
  firing: 'firing',
  recovering: 'firing',
  no_data: 'firing',
  error: 'inactive',
}

export type RuleSelection = {
  readonly names: readonly string[]
  readonly groups: readonly string[]
  readonly files: readonly string[]
  /** `alert` or `record`; there are no recording rules here. */
  readonly type: string | undefined
  readonly withAlerts: boolean
}

const group = 'tidewatch'

/** All rules as one Prometheus rule group, for Grafana's alerting pages. */
export function toRuleGroups(rules: readonly RuleStatus[], alerts: readonly Alert[], selection: RuleSelection): object[] {
  const isWanted = (wanted: readonly string[], value: string) => wanted.length === 0 || wanted.includes(value)
  if (selection.type === 'record' || !isWanted(selection.groups, group) || !isWanted(selection.files, group)) return []
  const chosen = rules.filter((rule) => isWanted(selection.names, rule.name))
  const lastEvaluation =
    chosen
      .map((rule) => rule.lastEvaluation ?? '')
      .sort()
      .at(-1) || neverEvaluated
  const toAlerts = (rule: RuleStatus) =>
    selection.withAlerts ? alerts.filter((alert) => alert.source === undefined && alert.rule === rule.name).map(toPrometheusAlert) : []
  return [
    {
      name: group,
      file: group,
      // Each rule has its own; the group is as slow as the slowest.
      interval: Math.max(0, ...chosen.map(({ everyMs }) => everyMs / 1000)),
      limit: 0,
      evaluationTime: 0,
      lastEvaluation,
      rules: chosen.map((rule) => toRule(rule, toAlerts(rule))),
    },
  ]
}

const neverEvaluated = '0001-01-01T00:00:00Z'

function toRule(rule: RuleStatus, alerts: readonly object[]): object {
  return {
    type: 'alerting',
    name: rule.name,
    query: rule.query,
    duration: rule.forMs / 1000,
    keepFiringFor: rule.keepFiringForMs / 1000,
    labels: { ...rule.labels, severity: rule.severity },
    annotations: rule.annotations,
    alerts,
    state: ruleStates[rule.state],
    health: rule.health === 'error' ? 'err' : rule.health,
    ...(rule.lastError !== null && { lastError: rule.lastError }),
    evaluationTime: 0,
    lastEvaluation: rule.lastEvaluation ?? neverEvaluated,
  }
}

export function toPrometheusAlert(alert: Alert): object {
  return {
    labels: { alertname: alert.rule, severity: alert.severity, ...alert.labels },
    annotations: alert.annotations,
    state: alert.state === 'pending' ? 'pending' : 'firing',
    activeAt: alert.startsAt,
    value: String(alert.value ?? 'NaN'),
  }
}
