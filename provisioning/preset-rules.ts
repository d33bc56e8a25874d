import { stringify } from 'yaml'
import { type PresetName, presets } from '../collector/src/config/presets/index.ts'
import { parseDuration } from '../collector/src/lib/duration.ts'
import type { Rule } from './schemas.ts'

/**
 * The presets that Grafana's InfluxDB datasource can ask as well: one field against one limit, and one total in proportion to
 * another. A comparison with last week stays with the collector: InfluxQL reads one span of time in a query, and what Grafana
 * makes of two has to be seen in a Grafana. What needs data of an application is paused until somebody has such data.
 */
const provisioned: readonly { readonly preset: PresetName; readonly isPaused: boolean }[] = [
  { preset: 'host', isPaused: false },
  { preset: 'components', isPaused: false },
  { preset: 'web', isPaused: true },
  { preset: 'platform', isPaused: true },
  { preset: 'deploy-watch', isPaused: true },
  { preset: 'small-service', isPaused: true },
  { preset: 'database', isPaused: true },
  { preset: 'business', isPaused: true },
  { preset: 'security', isPaused: true },
  { preset: 'integrations', isPaused: true },
]

/** A rule of a preset as far as it is read here. */
type Preset = {
  readonly name: string
  readonly kind?: string
  readonly source: { measurement: string; field: string; where?: Record<string, string>; group_by?: readonly string[] }
  /** What a ratio divides by. */
  readonly over?: { readonly field: string }
  readonly as?: 'percent'
  readonly min_samples?: number
  readonly aggregate?: string
  readonly window?: string
  readonly condition: { above?: number; below?: number; equals?: number; until?: number }
  readonly for?: string
  readonly on_no_data?: 'ok' | 'keep' | 'no_data' | 'alert'
  readonly severity: string
  readonly labels?: Record<string, string>
  readonly annotations: { summary: string }
}

const noDataStates = { ok: 'OK', keep: 'KeepLast', no_data: 'NoData', alert: 'Alerting' } as const

/** Where a measurement is drawn. */
const panels: Readonly<Record<string, number>> = { cpu: 3, mem: 4, disk: 8 }

const header = `# The collector's presets as rules that Grafana evaluates itself, on the same points in InfluxDB; for teams that route
# through Grafana. provisioning/preset-rules.ts makes this file from collector/src/config/presets: change it there.
# The paused ones need points that applications push. Grafana expands $NAME here, hence $$labels; in a model it expands nothing.
`

/** The text of alerting/rules.yaml. */
export function presetRulesYaml(): string {
  const groups = provisioned.map(({ preset, isPaused }) => ({
    orgId: 1,
    name: preset,
    folder: 'Tidewatch',
    interval: '1m',
    rules: (presets[preset] as readonly unknown[] as readonly Preset[])
      .filter(({ kind }) => kind === undefined || kind === 'ratio')
      .map((rule) => toRule(rule, isPaused)),
  }))
  return header + stringify({ apiVersion: 1, groups }, { lineWidth: 0, aliasDuplicateObjects: false })
}

function toRule(rule: Preset, isPaused: boolean): Rule {
  const window = rule.window ?? '5m'
  const panelId = panels[rule.source.measurement]
  return {
    uid: `tidewatch-${rule.name}`,
    title: rule.name,
    ...(panelId !== undefined && { dashboardUid: 'tidewatch-performance', panelId }),
    condition: 'C',
    for: rule.for ?? '0s',
    // A ratio of too few says nothing, and that is no news either.
    noDataState: rule.over ? 'KeepLast' : noDataStates[rule.on_no_data ?? 'no_data'],
    // A query that fails is no news about what it asks for.
    execErrState: 'KeepLast',
    ...(isPaused && { isPaused }),
    labels: { severity: rule.severity, ...rule.labels },
    annotations: {
      summary: toTemplate(rule.annotations.summary, window),
      description: `${whatOf(rule)} over ${window}: {{ printf "%.4g" $$values.B.Value }}`,
    },
    data: [toQuery(rule, window), toReduction(rule), toThreshold(rule.condition)],
  }
}

const whatOf = ({ source, aggregate = 'last', over, as }: Preset): string =>
  over
    ? `${source.measurement}.${source.field} ${as === 'percent' ? 'in percent of' : 'divided by'} ${over.field}`
    : `${aggregate} of ${source.measurement}.${source.field}`

/** Our templates in Go's notation. Grafana knows the quotient and not what was divided. */
const toTemplate = (text: string, window: string): string =>
  text
    .replace(' ({{facts.part}} of {{facts.whole}})', '')
    .replaceAll('{{window}}', window)
    .replaceAll('{{value}}', () => '{{ printf "%.4g" $$values.B.Value }}')
    .replaceAll(/\{\{labels\.(\w+)\}\}/g, (_, name) => `{{ $$labels.${name} }}`)

function toQuery(rule: Preset, window: string): Rule['data'][0] {
  return {
    refId: 'A',
    datasourceUid: 'influx',
    relativeTimeRange: { from: (parseDuration(window) ?? 0) / 1000, to: 0 },
    model: {
      refId: 'A',
      rawQuery: true,
      resultFormat: 'time_series',
      query: rule.over ? ratioQuery(rule, rule.over) : seriesQuery(rule),
      intervalMs: 10_000,
      maxDataPoints: 43_200,
    },
  }
}

function seriesQuery({ source, aggregate = 'last' }: Preset): string {
  const where = Object.entries(source.where ?? {}).map(([tag, value]) => `"${tag}" = '${value}' AND `)
  const groupBy = source.group_by ? source.group_by.map((tag) => `"${tag}"`).join(', ') : '*'
  return `SELECT ${aggregate}("${source.field}") FROM "${source.measurement}" WHERE ${where.join('')}$timeFilter GROUP BY time($__interval), ${groupBy} fill(null)`
}

/** One value for the whole window, and none where too little happened. */
function ratioQuery({ source, as, min_samples = 1 }: Preset, over: { readonly field: string }): string {
  const tags = (source.group_by ?? []).map((tag) => `"${tag}"`).join(', ')
  const totals = `SELECT sum("${source.field}") AS "part", sum("${over.field}") AS "whole" FROM "${source.measurement}" WHERE $timeFilter GROUP BY ${tags}`
  return `SELECT "part" / "whole"${as === 'percent' ? ' * 100' : ''} FROM (${totals}) WHERE "whole" >= ${min_samples} GROUP BY ${tags}`
}

function toReduction({ over, aggregate = 'last' }: Preset): Rule['data'][1] {
  const reducer = (over ? 'last' : aggregate) as Rule['data'][1]['model']['reducer']
  return {
    refId: 'B',
    datasourceUid: '__expr__',
    model: { refId: 'B', type: 'reduce', expression: 'A', reducer, settings: { mode: 'dropNN' } },
  }
}

/** Hysteresis is Grafana's recovery threshold. A state is between its neighbours: not every version knows "equal". */
function toThreshold({ above, below, equals, until }: Preset['condition']): Rule['data'][2] {
  const [type, limit] = above === undefined ? (['lt', below] as const) : (['gt', above] as const)
  const evaluator =
    equals === undefined ? { type, params: [limit ?? 0] } : { type: 'within_range' as const, params: [equals - 0.5, equals + 0.5] }
  const back = type === 'gt' ? ('lt' as const) : ('gt' as const)
  const recovery = equals === undefined && until !== undefined ? { unloadEvaluator: { type: back, params: [until] } } : {}
  return {
    refId: 'C',
    datasourceUid: '__expr__',
    model: { refId: 'C', type: 'threshold', expression: 'B', conditions: [{ evaluator, ...recovery }] },
  }
}
