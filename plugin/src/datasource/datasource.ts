import {
  type AdHocVariableFilter,
  type CoreApp,
  type DataQueryRequest,
  type DataQueryResponse,
  DataSourceApi,
  type DataSourceGetTagKeysOptions,
  type DataSourceGetTagValuesOptions,
  type DataSourceInstanceSettings,
  LoadingState,
  type MetricFindValue,
  type ScopedVars,
  type TestDataSourceResponse,
} from '@grafana/data'
import { getTemplateSrv } from '@grafana/runtime'
import { catchError, defer, map, type Observable, of } from 'rxjs'
import type { QueryResponse } from '../../../collector/src/contract/query.ts'
import { type CollectorClient, createCollectorClient } from '../client/collector-client.ts'
import { CollectorError, toCollectorError } from '../client/collector-error.ts'
import { withAdHocFilters } from './ad-hoc-filters.ts'
import { createAnnotationSupport } from './annotations.ts'
import { checkConnection } from './check-connection.ts'
import { toDataFrames } from './frames.ts'
import { interpolateQuery } from './interpolate.ts'
import { askAgainOnChange, type Changed, type Changes, createChanges } from './live.ts'
import { type Earlier, mergeAnswers, toChangedQueries, toEarlier } from './merge-alerts.ts'
import { defaultQuery, isRunnable, type TidewatchOptions, type TidewatchQuery, toDisplayText } from './query-model.ts'
import { toRequestQuery } from './request-query.ts'
import { TidewatchVariableSupport } from './TidewatchVariableSupport.ts'

/** A live question, with what it was answered last. */
type Asked = {
  readonly request: DataQueryRequest<TidewatchQuery>
  readonly runnable: readonly TidewatchQuery[]
  earlier: Earlier
}

/** Everything the collector knows, for panels, variables and annotations. */
export class TidewatchDatasource extends DataSourceApi<TidewatchQuery, TidewatchOptions> {
  readonly client: CollectorClient
  private readonly hasAddress: boolean
  private readonly changes: Changes

  constructor(settings: DataSourceInstanceSettings<TidewatchOptions>) {
    super(settings)
    this.client = createCollectorClient({ url: settings.url ?? '' })
    this.changes = createChanges(() => this.client.stream())
    this.hasAddress = Boolean(settings.jsonData.url) || settings.access === 'direct'
    this.interval = settings.jsonData.minInterval || '10s'
    this.annotations = createAnnotationSupport()
    this.variables = new TidewatchVariableSupport(this)
  }

  override query(request: DataQueryRequest<TidewatchQuery>): Observable<DataQueryResponse> {
    const runnable = request.targets.filter((query) => this.filterQuery(query))
    if (runnable.length === 0) return of({ data: [] })
    const askedAt = Date.now()
    const live = new Set(runnable.filter((query) => query.live).map((query) => query.kind))
    const asked: Asked = { request, runnable, earlier: new Map() }
    if (live.size === 0) return this.ask(asked, new Map(), 0)
    const ask = (changed: Changed) => this.ask(asked, changed, toPassedMs(request, askedAt))
    return askAgainOnChange(ask, this.changes, live).pipe(
      map((answer) => ({ ...answer, key: request.requestId, state: toLiveState(answer) })),
    )
  }

  /** Asks once. A range that ends now moves on by as much as has passed since the dashboard set it. */
  private ask(asked: Asked, changed: Changed, passedMs: number): Observable<DataQueryResponse> {
    const { request, runnable } = asked
    return defer(() => {
      const queries = this.interpolateVariablesInQueries([...runnable], request.scopedVars, request.filters)
      const whole = queries.map((query) => toRequestQuery(query, request.intervalMs))
      const parts = toChangedQueries(whole, changed, asked.earlier)
      return this.client.query({ range: toRange(request, passedMs), queries: parts }).pipe(
        map((answer) => {
          const merged = mergeAnswers(parts, answer, asked.earlier)
          asked.earlier = toEarlier(whole, merged)
          return toResponse(merged, queries)
        }),
      )
    }).pipe(
      catchError((thrown: unknown) => {
        asked.earlier = new Map()
        return of(toFailure(thrown, runnable))
      }),
    )
  }

  override testDatasource(): Promise<TestDataSourceResponse> {
    return checkConnection({ client: this.client, hasAddress: this.hasAddress })
  }

  override filterQuery(query: TidewatchQuery): boolean {
    return !query.hide && isRunnable(query)
  }

  override getDefaultQuery(_app: CoreApp): Partial<TidewatchQuery> {
    return defaultQuery
  }

  override getQueryDisplayText(query: TidewatchQuery): string {
    return toDisplayText(query)
  }

  override interpolateVariablesInQueries(
    queries: TidewatchQuery[],
    scopedVars: ScopedVars,
    filters?: AdHocVariableFilter[],
  ): TidewatchQuery[] {
    const templates = getTemplateSrv()
    return queries.map((query) =>
      withAdHocFilters(
        interpolateQuery(query, (text, format) => templates.replace(text, scopedVars, format)),
        filters,
      ),
    )
  }

  override async getTagKeys(options?: DataSourceGetTagKeysOptions<TidewatchQuery>): Promise<MetricFindValue[]> {
    return toFindValues(await this.client.tags(soleMeasurement(options?.queries)))
  }

  override getGroupByKeys(options?: DataSourceGetTagKeysOptions<TidewatchQuery>): Promise<MetricFindValue[]> {
    return this.getTagKeys(options)
  }

  override async getTagValues(options: DataSourceGetTagValuesOptions<TidewatchQuery>): Promise<MetricFindValue[]> {
    return toFindValues(await this.client.tagValues(options.key, soleMeasurement(options.queries)))
  }
}

function toRange({ range, rangeRaw }: DataQueryRequest<TidewatchQuery>, passedMs: number): { from: number; to: number } {
  const moves = String((rangeRaw ?? range.raw).to).startsWith('now')
  const shift = moves ? passedMs : 0
  return { from: range.from.valueOf() + shift, to: range.to.valueOf() + shift }
}

/** How far the range of a live question has moved. One that ends now does so when it is asked, not when the dashboard last looked at the clock. */
function toPassedMs({ range, rangeRaw }: DataQueryRequest<TidewatchQuery>, askedAt: number): number {
  const nowMs = Date.now()
  const endsNow = String((rangeRaw ?? range.raw).to) === 'now'
  return Math.max(nowMs - askedAt, endsNow ? nowMs - range.to.valueOf() : 0)
}

function toLiveState({ state }: DataQueryResponse): LoadingState {
  return state === LoadingState.Error ? LoadingState.Error : LoadingState.Streaming
}

function toResponse(answer: QueryResponse, queries: readonly TidewatchQuery[]): DataQueryResponse {
  const data = queries.flatMap((query) => toDataFrames(answer.results[query.refId]?.frames ?? [], query))
  const errors = queries.flatMap(({ refId }) => {
    const result = answer.results[refId]
    if (result?.frames) return []
    return [{ refId, message: result?.error?.message ?? `The collector gave no answer for query ${refId}.` }]
  })
  return errors.length > 0 ? { data, errors, state: LoadingState.Error } : { data, state: LoadingState.Done }
}

function toFailure(thrown: unknown, queries: readonly TidewatchQuery[]): DataQueryResponse {
  const { message } = thrown instanceof Error ? thrown : toCollectorError(thrown)
  const status = thrown instanceof CollectorError && thrown.status > 0 ? { status: thrown.status } : {}
  return { data: [], errors: queries.map(({ refId }) => ({ refId, message, ...status })), state: LoadingState.Error }
}

function toFindValues(names: readonly string[]): MetricFindValue[] {
  return names.map((text) => ({ text, value: text }))
}

/** The measurement all metric queries share; completion over several offers the tags of all. */
function soleMeasurement(queries: readonly TidewatchQuery[] | undefined): string | undefined {
  const measurements = new Set(queries?.filter((query) => query.kind === 'metrics').map((query) => query.measurement))
  const [first] = measurements
  return measurements.size === 1 ? first : undefined
}
