import { type BackendSrvRequest, config, type FetchResponse, getBackendSrv, getDataSourceSrv } from '@grafana/runtime'
import type { DataSourceRef } from '@grafana/schema'
import { catchError, lastValueFrom, map, type Observable } from 'rxjs'
import type {
  AckAllRequest,
  AckAllResponse,
  AckRequest,
  ActorRequest,
  Alert,
  MarkRequest,
  RulesResponse,
} from '../../../collector/src/contract/alerts.ts'
import type {
  FieldsResponse,
  MeasurementsResponse,
  StatusResponse,
  TagsResponse,
  TagValuesResponse,
} from '../../../collector/src/contract/catalog.ts'
import type { HealthResponse } from '../../../collector/src/contract/health.ts'
import type { QueryRequest, QueryResponse } from '../../../collector/src/contract/query.ts'
import type { ReplayReport, ReplayRequest } from '../../../collector/src/contract/replay.ts'
import type {
  SilencePreviewRequest,
  SilencePreviewResponse,
  SilenceRequest,
  SilenceView,
} from '../../../collector/src/contract/silences.ts'
import { toCollectorError } from './collector-error.ts'

export type AlertAction = 'ack' | 'unack' | 'resolve'

/**
 * Every call the plugin makes; no other file fetches.
 *
 * Calls fail with a `CollectorError`. Unsubscribing from a query ends its request.
 */
export interface CollectorClient {
  query(request: QueryRequest): Observable<QueryResponse>
  status(): Promise<StatusResponse>
  health(): Promise<HealthResponse>
  rules(): Promise<RulesResponse>
  measurements(): Promise<MeasurementsResponse['measurements']>
  fields(measurement: string): Promise<FieldsResponse['fields']>
  tags(measurement?: string): Promise<TagsResponse['tags']>
  tagValues(tag: string, measurement?: string): Promise<TagValuesResponse['values']>
  /** Answers with the alert as it is after the action. */
  changeAlert(id: string, action: AlertAction, request: AckRequest | ActorRequest): Promise<Alert>
  /** Takes many at once; those that are not active are left out of the answer. */
  acknowledgeAll(request: AckAllRequest): Promise<AckAllResponse>
  /** Says whether an episode was worth hearing of. */
  markAlert(id: string, request: MarkRequest): Promise<Alert>
  silence(id: string): Promise<SilenceView>
  /** What a silence would cover now, and what it would have kept back. */
  previewSilence(request: SilencePreviewRequest): Promise<SilencePreviewResponse>
  addSilence(request: SilenceRequest): Promise<SilenceView>
  endSilence(id: string, actor: string): Promise<SilenceView>
  /** What rules would have sent in a time that is past. Unsubscribing ends the replay. */
  replay(request: ReplayRequest): Observable<ReplayReport>
  /** How far the replay under way is, from 0 to 1; null when none is. */
  replayProgress(): Promise<{ done: number | null }>
  /** Sends an operation that cannot succeed, to see whether the operate token would be let in. */
  tryOperate(): Promise<void>
  /** Events of `/api/v1/stream` as the raw bytes of the answer. */
  stream(): Observable<Uint8Array>
}

/**
 * `url` is the datasource's address for the browser. Grafana's proxy takes the first part of the
 * path off, `read` or `operate`, and adds that scope's token; the viewer's address does the same.
 */
export function createCollectorClient({ url }: { url: string }): CollectorClient {
  const read = `${url}/read`
  const operate = `${url}/operate`
  const catalog = <T>(name: string, params: Record<string, string | undefined> = {}) =>
    get<T>(`${read}/api/v1/catalog/${name}`, Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined)))

  return {
    query: (request) => send<QueryResponse>({ method: 'POST', url: `${read}/api/v1/query`, data: request }),
    status: () => get(`${read}/api/v1/status`),
    health: () => get(`${read}/api/v1/health`),
    rules: () => get(`${read}/api/v1/rules`),
    measurements: async () => (await catalog<MeasurementsResponse>('measurements')).measurements,
    fields: async (measurement) => (await catalog<FieldsResponse>('fields', { measurement })).fields,
    tags: async (measurement) => (await catalog<TagsResponse>('tags', { measurement })).tags,
    tagValues: async (tag, measurement) => (await catalog<TagValuesResponse>('tag-values', { tag, measurement })).values,
    changeAlert: (id, action, request) => post(`${operate}/api/v1/alerts/${encodeURIComponent(id)}/${action}`, request),
    acknowledgeAll: (request) => post(`${operate}/api/v1/alerts/ack`, request),
    markAlert: (id, request) => post(`${operate}/api/v1/alerts/${encodeURIComponent(id)}/mark`, request),
    silence: (id) => get(`${read}/api/v1/silences/${encodeURIComponent(id)}`),
    previewSilence: (request) => post(`${read}/api/v1/silences/preview`, request),
    addSilence: (request) => post(`${operate}/api/v1/silences`, request),
    endSilence: (id, actor) =>
      lastValueFrom(send({ method: 'DELETE', url: `${operate}/api/v1/silences/${encodeURIComponent(id)}`, params: { actor } })),
    replay: (request) => send({ method: 'POST', url: `${operate}/api/v1/rules/replay`, data: request }),
    replayProgress: () => get(`${read}/api/v1/rules/replay`),
    tryOperate: async () => {
      await post(`${operate}/api/v1/alerts/-/ack`, {})
    },
    stream: () => streamFrom(`${read}/api/v1/stream`),
  }
}

/** The client of the collector a panel's data came from; undefined when that cannot be told. */
export function findClient(ref: DataSourceRef | null | undefined): CollectorClient | undefined {
  const url = getDataSourceSrv().getInstanceSettings(ref)?.url
  return url === undefined ? undefined : createCollectorClient({ url })
}

export type NamedClient = { name: string; client: CollectorClient }

/** Every datasource of ours. */
export function findSources(): NamedClient[] {
  return getDataSourceSrv()
    .getList({ pluginId: 'tidewatch-monitoring-datasource' })
    .map(({ name, url }) => ({ name, client: createCollectorClient({ url: url ?? '' }) }))
}

/** Who is signed in. The collector marks the name as claimed, since a browser sent it. */
export function currentActor(): string {
  return config.bootData?.user?.login || 'unknown'
}

/** Grafana lets only editors use the operate route; asking first spares everyone else a refusal. */
export function mayOperate(): boolean {
  const user = config.bootData?.user
  return user?.isGrafanaAdmin === true || user?.orgRole === 'Editor' || user?.orgRole === 'Admin'
}

function send<T>(request: BackendSrvRequest): Observable<T> {
  return getBackendSrv()
    .fetch<T>({ showErrorAlert: false, showSuccessAlert: false, ...request })
    .pipe(
      map((answer: FetchResponse<T>) => answer.data),
      catchError((thrown: unknown) => {
        throw toCollectorError(thrown)
      }),
    )
}

function get<T>(url: string, params?: Record<string, unknown>): Promise<T> {
  return lastValueFrom(send<T>({ method: 'GET', url, ...(params && { params }) }))
}

function post<T>(url: string, data: unknown): Promise<T> {
  return lastValueFrom(send<T>({ method: 'POST', url, data }))
}

function streamFrom(url: string): Observable<Uint8Array> {
  return getBackendSrv()
    .chunked({ method: 'GET', url, headers: { Accept: 'text/event-stream' } })
    .pipe(
      map((answer) => answer.data ?? new Uint8Array()),
      catchError((thrown: unknown) => {
        throw toCollectorError(thrown)
      }),
    )
}
