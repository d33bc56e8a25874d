import { z } from 'zod'

/**
 * The classic dashboard model as far as these dashboards use it, checked strictly: a misspelt key is
 * an error here, where Grafana would silently ignore it. `model-types.ts` holds it against the types
 * of `@grafana/schema`.
 */
const datasource = z.strictObject({ type: z.literal('tidewatch-monitoring-datasource'), uid: z.literal('tidewatch') })
const gridPos = z.strictObject({ x: z.int().min(0).max(23), y: z.int().min(0), w: z.int().min(1).max(24), h: z.int().min(1) })

const tagFilter = z.strictObject({ tag: z.string().min(1), op: z.enum(['=', '!=', '=~', '!~']), value: z.string() })
const metricsTarget = z.strictObject({
  refId: z.string().min(1),
  datasource,
  kind: z.literal('metrics'),
  measurement: z.string().min(1),
  fields: z.array(z.string().min(1)).min(1),
  aggregate: z.enum(['mean', 'min', 'max', 'sum', 'count', 'last', 'rate', 'increase']),
  where: z.array(tagFilter),
  groupBy: z.array(z.string().min(1)),
  alias: z.string().optional(),
  fill: z.literal(0).optional(),
  every: z.string().optional(),
})
const listTarget = z.strictObject({
  refId: z.string().min(1),
  datasource,
  kind: z.enum(['health', 'alerts', 'deployments']),
  view: z.enum(['current', 'history', 'active', 'all', 'count', 'noise']).optional(),
  live: z.boolean().optional(),
  services: z.array(z.string()).optional(),
  environments: z.array(z.string()).optional(),
  severities: z.array(z.string()).optional(),
  states: z.array(z.string()).optional(),
  limit: z.int().min(1).max(10_000).optional(),
})
const target = z.union([metricsTarget, listTarget])

const thresholds = z.strictObject({
  mode: z.literal('absolute'),
  steps: z
    .array(z.strictObject({ color: z.string(), value: z.number().nullable() }))
    .min(1)
    .refine(([first]) => first?.value === null, 'the first threshold begins below everything: its value is null'),
})
const link = z.strictObject({ title: z.string(), url: z.string().startsWith('/d/') })
const fieldDefaults = z.strictObject({
  unit: z.string().optional(),
  decimals: z.int().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  noValue: z.string().optional(),
  color: z.strictObject({ mode: z.enum(['thresholds', 'palette-classic', 'fixed']), fixedColor: z.string().optional() }).optional(),
  thresholds: thresholds.optional(),
  mappings: z.array(z.unknown()).optional(),
  links: z.array(link).optional(),
  custom: z.record(z.string(), z.unknown()).optional(),
})
const fieldConfig = z.strictObject({
  defaults: fieldDefaults,
  overrides: z.array(
    z.strictObject({
      matcher: z.strictObject({ id: z.enum(['byName', 'byRegexp', 'byFrameRefID', 'byType']), options: z.string() }),
      properties: z.array(z.strictObject({ id: z.string(), value: z.unknown() })).min(1),
    }),
  ),
})

const panelTypes = [
  'timeseries',
  'stat',
  'table',
  'bargauge',
  'tidewatch-health-panel',
  'tidewatch-alerts-panel',
  'tidewatch-deployments-panel',
] as const
const panel = z.strictObject({
  id: z.int().min(1),
  type: z.enum(panelTypes),
  title: z.string().min(1),
  description: z.string().min(1).optional(),
  datasource,
  gridPos,
  targets: z.array(target).min(1),
  interval: z.literal('10s').optional(),
  options: z.record(z.string(), z.unknown()),
  fieldConfig,
  transformations: z.array(z.strictObject({ id: z.string(), options: z.record(z.string(), z.unknown()) })).optional(),
})
const row = z.strictObject({
  id: z.int().min(1),
  type: z.literal('row'),
  title: z.string().min(1),
  collapsed: z.boolean(),
  gridPos,
  panels: z.array(panel),
})

const current = z.strictObject({ text: z.union([z.string(), z.array(z.string())]), value: z.union([z.string(), z.array(z.string())]) })
const variableBase = {
  name: z.string().regex(/^\w+$/),
  label: z.string().min(1),
  datasource,
  hide: z.literal(0),
  skipUrlSync: z.literal(false),
}
const queryVariable = z.strictObject({
  ...variableBase,
  type: z.literal('query'),
  query: z.strictObject({
    refId: z.string(),
    find: z.enum(['tag-values', 'tags', 'measurements', 'fields', 'components', 'environments', 'services']),
    measurement: z.string().optional(),
    tag: z.string().optional(),
  }),
  definition: z.string(),
  refresh: z.literal(2),
  regex: z.literal(''),
  sort: z.literal(0),
  multi: z.boolean(),
  includeAll: z.boolean(),
  allValue: z.literal('.*').optional(),
  options: z.tuple([]),
  current,
})
const adHocVariable = z.strictObject({
  ...variableBase,
  type: z.literal('adhoc'),
  filters: z.tuple([]),
  baseFilters: z.tuple([]),
  allowCustomValue: z.boolean(),
})
const annotation = z.strictObject({
  name: z.string().min(1),
  enable: z.boolean(),
  hide: z.boolean(),
  iconColor: z.string(),
  datasource,
  target: z.strictObject({ refId: z.literal('Anno'), kind: z.enum(['deployments', 'alerts']), view: z.literal('all').optional() }),
})
const dashboardLink = z.strictObject({
  type: z.literal('dashboards'),
  title: z.string(),
  tags: z.array(z.string()).min(1),
  asDropdown: z.boolean(),
  icon: z.string(),
  includeVars: z.boolean(),
  keepTime: z.boolean(),
  targetBlank: z.boolean(),
  tooltip: z.string(),
  url: z.string(),
})

export const dashboardSchema = z.strictObject({
  uid: z
    .string()
    .regex(/^tidewatch-[a-z-]+$/)
    .max(40),
  title: z.string().min(1),
  description: z.string().min(1),
  tags: z.array(z.string()).min(1),
  schemaVersion: z.literal(42),
  version: z.int(),
  editable: z.boolean(),
  graphTooltip: z.literal(1),
  timezone: z.literal('browser'),
  weekStart: z.literal(''),
  fiscalYearStartMonth: z.literal(0),
  liveNow: z.literal(false),
  time: z.strictObject({ from: z.string().startsWith('now-'), to: z.literal('now') }),
  timepicker: z.strictObject({ refresh_intervals: z.array(z.string()) }),
  refresh: z.string(),
  links: z.array(dashboardLink),
  templating: z.strictObject({ list: z.array(z.union([queryVariable, adHocVariable])) }),
  annotations: z.strictObject({ list: z.array(annotation) }),
  panels: z.array(z.union([panel, row])).min(1),
})

export type ClassicDashboard = z.output<typeof dashboardSchema>
export type ClassicPanel = z.output<typeof panel>
export type MetricsTarget = z.output<typeof metricsTarget>
