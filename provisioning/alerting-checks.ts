import type { Known } from './checks.ts'
import type { Rule } from './schemas.ts'

/** Contact points, mute timings and templates that are used must be there, and the other way round. */
export function routingProblems({ alerting }: Known): string[] {
  const { contactPoints, policies, muteTimes, templates } = alerting
  const points = contactPoints.map(({ name }) => name)
  const mutes = muteTimes.map(({ name }) => name)
  const usedPoints = policies.flatMap(({ receiver, routes }) => [receiver, ...routes.map((route) => route.receiver)])
  const usedMutes = policies.flatMap(({ routes }) => routes.flatMap((route) => route.mute_time_intervals ?? []))
  const missing = (what: string, used: readonly string[], known: readonly string[]) =>
    used.filter((name) => !known.includes(name)).map((name) => `${what} "${name}" is used and does not exist`)
  const idle = (what: string, used: readonly string[], known: readonly string[]) =>
    known.filter((name) => !used.includes(name)).map((name) => `${what} "${name}" exists and nothing uses it`)

  const usedTemplates = templatesIn(contactPoints)
  const defined = templates.flatMap(({ template }) => [...template.matchAll(/\{\{-?\s*define "([^"]+)"/g)].map(([, name]) => name ?? ''))
  return [
    ...missing('contact point', usedPoints, points),
    ...idle('contact point', usedPoints, points),
    ...missing('mute timing', usedMutes, mutes),
    ...idle('mute timing', usedMutes, mutes),
    ...missing('template', usedTemplates, defined),
    ...idle('template', usedTemplates, defined),
  ]
}

function templatesIn(value: unknown): string[] {
  return [...JSON.stringify(value).matchAll(/template \\"([^"\\]+)\\"/g)].map(([, name]) => name ?? '')
}

/** A rule reads as query, reduce, threshold, each on the one before, and is bound to time and to a severity. */
export function ruleProblems({ alerting }: Known): string[] {
  return alerting.groups.flatMap(({ rules }) => rules.flatMap((rule) => problemsOf(rule).map((problem) => `rule ${rule.uid}: ${problem}`)))
}

const severities = ['info', 'warning', 'high', 'critical']

function problemsOf(rule: Rule): string[] {
  const [query, reduce, threshold] = rule.data
  const holds: [boolean, string][] = [
    [rule.data.every((part) => part.refId === part.model.refId), 'a model has another refId than its query'],
    [reduce.model.expression === query.refId, 'the reduction does not read the query'],
    [threshold.model.expression === reduce.refId, 'the threshold does not read the reduction'],
    [rule.condition === threshold.refId, 'the condition is not the threshold'],
    [query.datasourceUid !== '__expr__', 'the query asks no datasource'],
    [query.model.query.includes('$timeFilter'), 'the query has no $timeFilter, so it reads everything there is'],
    [
      /GROUP BY time\(\$__interval\)|FROM \(SELECT sum\(/.test(query.model.query),
      'the query is no time series without GROUP BY time($__interval), nor one value for the whole time',
    ],
    [!/\$\{|\$[a-z]\w*(?<!\$timeFilter)\b/.test(query.model.query.replaceAll('$timeFilter', '')), 'the query uses a dashboard variable'],
    [severities.includes(rule.labels.severity ?? ''), `its severity is none of ${severities.join(', ')}`],
    [(rule.dashboardUid === undefined) === (rule.panelId === undefined), 'dashboardUid and panelId come together or not at all'],
  ]
  return holds.filter(([sound]) => !sound).map(([, problem]) => problem)
}

/** Where alerts are shown: the panel that a rule names must be there. */
export function panelProblems({ alerting }: Known, dashboards: Record<string, unknown>): string[] {
  const known = Object.values(dashboards) as { uid?: string; panels?: { id?: number }[] }[]
  return alerting.groups
    .flatMap(({ rules }) => rules)
    .filter((rule) => rule.dashboardUid !== undefined)
    .filter((rule) => !known.some(({ uid, panels = [] }) => uid === rule.dashboardUid && panels.some(({ id }) => id === rule.panelId)))
    .map((rule) => `rule ${rule.uid} names panel ${rule.panelId} of ${rule.dashboardUid}, which does not exist`)
}

/** Menu entries of the app and Grafana's first page lead to dashboards that are there. */
export function pageProblems({ compose, providers }: Known, pages: readonly string[], dashboards: Record<string, unknown>): string[] {
  const uids = Object.values(dashboards).map((dashboard) => (dashboard as { uid?: string }).uid)
  const home = compose.services.grafana.environment.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH ?? ''
  const homes = providers.flatMap(({ options }) => Object.keys(dashboards).map((file) => `${options.path}/${file}`))
  return [
    ...pages
      .flatMap((page) => /^d\/(.+)$/.exec(page)?.[1] ?? [])
      .filter((uid) => !uids.includes(uid))
      .map((uid) => `the app's menu leads to the dashboard "${uid}", which does not exist`),
    ...(homes.includes(home) ? [] : [`Grafana's first page is ${home}, which does not exist`]),
  ]
}
