import {
  type DataFrame,
  type DataQueryRequest,
  type DataQueryResponse,
  type DataSourceApi,
  DataTopic,
  type PanelData,
  rangeUtil,
  type TimeRange,
} from '@grafana/data'
import { LoadingState } from '@grafana/schema'
import {
  asyncScheduler,
  catchError,
  from,
  isObservable,
  map,
  merge,
  type Observable,
  of,
  type SchedulerLike,
  scan,
  share,
  takeUntil,
  timer,
} from 'rxjs'

/** How long a query may run before its panel shows that it is loading. */
const quietMs = 200

type QueryFunction = (request: DataQueryRequest) => Promise<DataQueryResponse> | Observable<DataQueryResponse>

/**
 * Runs the queries of one panel and keeps its data up to date until the subscriber leaves.
 *
 * Packets of the same key replace each other, those of different keys stand side by side; an error
 * of one query leaves the frames of the others in place.
 */
export function runRequest(
  datasource: DataSourceApi,
  request: DataQueryRequest,
  queryFunction?: QueryFunction,
  scheduler: SchedulerLike = asyncScheduler,
): Observable<PanelData> {
  const empty = createPanelData(request)
  const targets = request.targets.filter((target) => !target.hide)
  if (targets.length === 0) return of({ ...empty, state: LoadingState.Done })

  const packets = callQuery(datasource, { ...request, targets }, queryFunction).pipe(
    scan(addPacket, { byKey: new Map<string, DataQueryResponse>(), last: undefined as DataQueryResponse | undefined }),
    map(({ byKey, last }) => toPanelData(empty, byKey, last)),
    catchError((thrown: unknown) => of({ ...empty, state: LoadingState.Error, ...toErrors(thrown) })),
    share(),
  )
  const loading = timer(quietMs, scheduler).pipe(
    map(() => empty),
    takeUntil(packets),
  )
  return merge(loading, packets)
}

function createPanelData(request: DataQueryRequest): PanelData {
  return { state: LoadingState.Loading, series: [], annotations: [], timeRange: request.range, request }
}

function callQuery(datasource: DataSourceApi, request: DataQueryRequest, queryFunction?: QueryFunction): Observable<DataQueryResponse> {
  try {
    const answer = queryFunction ? queryFunction(request) : datasource.query(request)
    return isObservable(answer) ? answer : from(answer)
  } catch (thrown) {
    return of({ data: [], state: LoadingState.Error, ...toErrors(thrown) })
  }
}

type Packets = { byKey: Map<string, DataQueryResponse>; last: DataQueryResponse | undefined }

function addPacket({ byKey }: Packets, packet: DataQueryResponse): Packets {
  const next = new Map(byKey)
  next.set(packet.key ?? 'A', packet)
  return { byKey: next, last: packet }
}

function toPanelData(empty: PanelData, byKey: Map<string, DataQueryResponse>, last: DataQueryResponse | undefined): PanelData {
  const packets = [...byKey.values()]
  // Passed on as they came: variables ask for plain values, and panels turn what they get into frames.
  const frames = packets.flatMap((packet) => packet.data) as DataFrame[]
  const errors = packets.flatMap((packet) => packet.errors ?? (packet.error ? [packet.error] : []))
  const isAnnotation = (frame: DataFrame) => frame.meta?.dataTopic === DataTopic.Annotations
  const state = errors.length > 0 ? LoadingState.Error : (last?.state ?? LoadingState.Done)
  return {
    ...empty,
    timeRange: toCurrentRange(empty),
    state,
    series: frames.filter((frame) => !isAnnotation(frame)),
    annotations: frames.filter(isAnnotation),
    ...(errors.length > 0 && { errors, error: errors[0] }),
    ...(empty.request && state !== LoadingState.Loading && { request: { ...empty.request, endTime: Date.now() } }),
  }
}

/** A range that ends now has moved on since it was asked for, and an answer may hold what happened since. */
function toCurrentRange({ timeRange, request }: PanelData): TimeRange {
  const { raw } = timeRange
  const isRelative = typeof raw?.from === 'string' && typeof raw.to === 'string'
  return isRelative ? rangeUtil.convertRawToRange(raw, request?.timezone) : timeRange
}

function toErrors(thrown: unknown): Pick<PanelData, 'errors' | 'error'> {
  const { message, data, status } = (thrown ?? {}) as { message?: string; data?: { message?: string }; status?: number }
  const error = { message: data?.message ?? message ?? 'The query failed without saying why.', ...(status !== undefined && { status }) }
  return { errors: [error], error }
}
