import type { CountFilter } from '../../alerts/alerts.ts'
import { type Query, querySchema } from '../../contract/query.ts'
import { formatDuration } from '../../lib/duration.ts'
import { AppError } from '../../lib/errors.ts'
import { parseWith } from '../../lib/problems.ts'
import { alertStates, severities } from '../../model/alert.ts'
import type { Frame, MetricsQuery, TimeRange } from '../../model/query.ts'
import type { HttpDeps } from '../deps.ts'
import { alertCountsFrame, alertsFrame } from '../frames/alerts-frame.ts'
import { deploymentsFrame } from '../frames/deployments-frame.ts'
import { healthFrame, healthHistoryFrame } from '../frames/health-frames.ts'
import { noiseFrame } from '../frames/noise-frame.ts'
import { bucketWidth } from '../middleware/buckets.ts'
import { problemsText } from '../validation.ts'

type Doors = Pick<HttpDeps, 'store' | 'health' | 'alerts' | 'deployments' | 'options'>
type Parsed = ReturnType<typeof querySchema.parse>
type Of<Kind extends Query['kind']> = Extract<Parsed, { kind: Kind }>

/** Runs one query of a request; throws what its refId is told. */
export async function runQuery(doors: Doors, input: unknown, range: TimeRange, signal: AbortSignal): Promise<readonly Frame[]> {
  const { data: query, problems } = parseWith(querySchema, input)
  if (query === undefined) throw new AppError('QUERY_INVALID', problemsText(problems))
  switch (query.kind) {
    case 'metrics':
      return doors.store.query(toMetricsQuery(query, range, doors.options.limits), range, signal)
    case 'health':
      return query.view === 'current' ? [healthFrame(matching(doors, query))] : [await healthHistory(doors, query, range, signal)]
    case 'alerts':
      return [alertsAnswer(doors, query, range)]
    case 'deployments':
      return [deploymentsFrame(listDeployments(doors, query, range))]
  }
}

function toMetricsQuery(query: Of<'metrics'>, range: TimeRange, limits: HttpDeps['options']['limits']): MetricsQuery {
  const everyMs = query.aggregate === 'none' || query.every === 'all' ? undefined : (query.every ?? bucketWidth(range))
  const buckets = everyMs === undefined ? 0 : Math.ceil((range.to - range.from) / Math.max(everyMs, 1))
  if (buckets > limits.bucketsPerQueryMax) {
    throw new AppError(
      'QUERY_INVALID',
      `every ${formatDuration(everyMs ?? 0)} gives ${buckets} buckets over this range; at most ${limits.bucketsPerQueryMax} are allowed. Choose a wider bucket or a shorter range.`,
    )
  }
  const { measurement, fields, aggregate, where, groupBy, fill, limit, order } = query
  return { measurement, fields, aggregate, where, groupBy, fill, limit, order, everyMs, seriesMax: limits.seriesPerQueryMax }
}

function matching({ health }: Doors, query: Of<'health'>) {
  const isWanted = (wanted: readonly string[], value: string) => wanted.length === 0 || wanted.includes(value)
  return health
    .components()
    .filter((component) => isWanted(query.components, component.name) && isWanted(query.environments, component.environment))
    .slice(0, query.limit)
}

/** Up to this range every stored result counts; beyond it, the worst of each bucket. */
const everyResultRangeMs = 2 * 86_400_000
/** Without a result for this long, nothing is known. */
const silenceMs = 10 * 60_000

async function healthHistory(doors: Doors, query: Of<'health'>, range: TimeRange, signal: AbortSignal): Promise<Frame> {
  const isLong = range.to - range.from > everyResultRangeMs
  const everyMs = isLong ? bucketWidth(range) : undefined
  const tagIn = (tag: string, value: readonly string[]) => (value.length > 0 ? [{ tag, op: 'in', value } as const] : [])
  const stored = await doors.store.query(
    {
      measurement: 'health',
      fields: ['state'],
      aggregate: isLong ? 'max' : 'none',
      everyMs,
      where: [...tagIn('component', query.components), ...tagIn('environment', query.environments)],
      groupBy: ['component', 'environment'],
      fill: 'none',
      limit: 100_000,
      seriesMax: doors.options.limits.seriesPerQueryMax,
      order: 'asc',
    },
    range,
    signal,
  )
  return healthHistoryFrame(stored, { silenceMs: Math.max(silenceMs, 2 * (everyMs ?? 0)), limit: query.limit })
}

function alertsAnswer({ alerts }: Doors, query: Of<'alerts'>, range: TimeRange): Frame {
  if (query.view === 'noise') return noiseFrame(listNoise({ alerts }, query, range))
  const filter = toAlertFilter(query)
  if (query.view === 'count') return alertCountsFrame(alerts.count(filter))
  const isPast = query.view === 'all'
  return alertsFrame(alerts.list({ ...filter, past: isPast, ...(isPast && { range }), limit: query.limit }).alerts)
}

function toAlertFilter(query: Of<'alerts'>): CountFilter {
  const known = <Value extends string>(values: readonly Value[], wanted: readonly string[], name: string): Value[] =>
    wanted.map((value) => {
      if (!(values as readonly string[]).includes(value)) {
        throw new AppError('QUERY_INVALID', `${name}: "${value}" is not one of ${values.join(', ')}`)
      }
      return value as Value
    })
  return {
    ...(query.states.length > 0 && { states: known(alertStates, query.states, 'states') }),
    ...(query.severities.length > 0 && { severities: known(severities, query.severities, 'severities') }),
    ...(query.text !== '' && { text: query.text }),
    ...(query.ids && { ids: query.ids }),
  }
}

function listNoise({ alerts }: Pick<Doors, 'alerts'>, { severities: wanted, text, limit }: Of<'alerts'>, range: TimeRange) {
  const isWanted = (severity: string) => wanted.length === 0 || wanted.includes(severity)
  const found = alerts.noise(range).filter(({ rule, severity }) => isWanted(severity) && rule.toLowerCase().includes(text.toLowerCase()))
  return found.slice(0, limit)
}

function listDeployments({ deployments }: Doors, query: Of<'deployments'>, range: TimeRange) {
  return deployments.list({
    ...(query.services.length > 0 && { services: query.services }),
    ...(query.environments.length > 0 && { environments: query.environments }),
    range,
    limit: query.limit,
  }).deployments
}
