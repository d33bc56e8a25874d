import type { BackendSrv, BackendSrvRequest, FetchError, FetchResponse } from '@grafana/runtime'
import { lastValueFrom, Observable } from 'rxjs'
import { mapProxyPath } from './proxy-path.ts'

/** Where the token of a protected collector comes from. */
export interface TokenSource {
  current(): string | undefined
  /** Asks the person for a token; resolves with nothing when they decline. Concurrent calls share one question. */
  ask(refused: string | undefined): Promise<string | undefined>
}

export type BackendSrvDeps = {
  fetch: typeof globalThis.fetch
  token: TokenSource
  /** Told of failures the caller did not ask to handle itself. */
  onError: (error: FetchError) => void
}

/** Talks to the collector as Grafana's own service talks to Grafana's server; unsubscribing aborts the request. */
export function createBackendSrv(deps: BackendSrvDeps): BackendSrv {
  const fetch = <T>(request: BackendSrvRequest) => observe<FetchResponse<T>>(deps, request, (answer) => readAnswer<T>(answer, request))
  const request = async <T>(options: BackendSrvRequest) => (await lastValueFrom(fetch<T>(options))).data
  const withBody =
    (method: string) =>
    <T>(url: string, data?: unknown, options?: Partial<BackendSrvRequest>) =>
      request<T>({ ...options, method, url, data })
  return {
    fetch,
    request,
    datasourceRequest: <T>(options: BackendSrvRequest) => lastValueFrom(fetch<T>(options)),
    chunked: (options) => observe<FetchResponse<Uint8Array | undefined>>(deps, options, readChunks(options)),
    get: (url, params, requestId, options) =>
      request({ ...options, method: 'GET', url, params, ...(requestId !== undefined && { requestId }) }),
    delete: withBody('DELETE'),
    post: withBody('POST'),
    patch: withBody('PATCH'),
    put: withBody('PUT'),
  }
}

type Reader<T> = (answer: Response) => AsyncIterable<T> | Promise<T>

function observe<T>(deps: BackendSrvDeps, request: BackendSrvRequest, read: Reader<T>): Observable<T> {
  return new Observable<T>((subscriber) => {
    const abort = new AbortController()
    const signal = request.abortSignal ? AbortSignal.any([abort.signal, request.abortSignal]) : abort.signal
    pump(deps, request, signal, read, (value) => subscriber.next(value)).then(
      () => subscriber.complete(),
      (thrown: unknown) => {
        const error = toFetchError(thrown, request)
        if (!subscriber.closed && request.showErrorAlert !== false && !error.cancelled) deps.onError(error)
        subscriber.error(error)
      },
    )
    return () => abort.abort()
  })
}

async function pump<T>(deps: BackendSrvDeps, request: BackendSrvRequest, signal: AbortSignal, read: Reader<T>, emit: (value: T) => void) {
  const answer = await send(deps, request, signal)
  if (!answer.ok) throw await readFailure(answer, request)
  const values = read(answer)
  if (values instanceof Promise) emit(await values)
  else for await (const value of values) emit(value)
}

/** Sends a request, and sends it again with each token it is given, until one is good or there is none. */
async function send(deps: BackendSrvDeps, request: BackendSrvRequest, signal: AbortSignal): Promise<Response> {
  let token = deps.token.current()
  for (;;) {
    const answer = await deps.fetch(toUrl(request), toInit(request, token, signal))
    if (answer.status !== 401) return answer
    // Another request may have asked for a token since this one was sent.
    const known = deps.token.current()
    const next: string | undefined = known !== token ? known : await deps.token.ask(token)
    if (next === undefined) return answer
    token = next
  }
}

function toUrl({ url, params }: BackendSrvRequest): string {
  const path = mapProxyPath(url)
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(params ?? {})) {
    for (const item of Array.isArray(value) ? value : [value]) if (item !== undefined && item !== null) search.append(name, String(item))
  }
  return search.size === 0 ? path : `${path}${path.includes('?') ? '&' : '?'}${search}`
}

function toInit(request: BackendSrvRequest, token: string | undefined, signal: AbortSignal): RequestInit {
  const hasBody = request.data !== undefined && request.method !== 'GET'
  return {
    method: request.method ?? 'GET',
    signal,
    credentials: 'same-origin',
    headers: {
      Accept: 'application/json, */*',
      ...(hasBody && typeof request.data !== 'string' && { 'Content-Type': 'application/json' }),
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...request.headers,
    },
    ...(hasBody && { body: typeof request.data === 'string' ? request.data : JSON.stringify(request.data) }),
  }
}

async function readAnswer<T>(answer: Response, request: BackendSrvRequest): Promise<FetchResponse<T>> {
  return describe(answer, request, (await readBody(answer, request.responseType)) as T)
}

function readChunks(request: BackendSrvRequest) {
  return async function* (answer: Response): AsyncIterable<FetchResponse<Uint8Array | undefined>> {
    const reader = answer.body?.getReader()
    try {
      for (let chunk = await reader?.read(); chunk && !chunk.done; chunk = await reader?.read())
        yield describe(answer, request, chunk.value)
    } finally {
      await reader?.cancel().catch(() => undefined)
    }
  }
}

function describe<T>(answer: Response, config: BackendSrvRequest, data: T): FetchResponse<T> {
  const { status, statusText, ok, headers, redirected, type, url } = answer
  return { data, status, statusText, ok, headers, redirected, type, url, config }
}

async function readBody(answer: Response, responseType: BackendSrvRequest['responseType']): Promise<unknown> {
  if (responseType === 'blob') return answer.blob()
  if (responseType === 'arraybuffer') return answer.arrayBuffer()
  const text = await answer.text()
  if (responseType === 'text') return text
  if (text === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

async function readFailure(answer: Response, config: BackendSrvRequest): Promise<FetchError> {
  const data = await readBody(answer, 'json').catch(() => ({}))
  return { status: answer.status, statusText: answer.statusText, data, config }
}

/** What a caller of Grafana's service catches: never a bare browser error. */
function toFetchError(thrown: unknown, config: BackendSrvRequest): FetchError {
  if (typeof thrown === 'object' && thrown !== null && 'status' in thrown && 'config' in thrown) return thrown as FetchError
  const { name, message } = thrown as Error
  if (name === 'AbortError') return { status: -1, statusText: 'Request was aborted', cancelled: true, data: {}, config }
  return { status: 0, statusText: 'The collector did not answer', message, data: {}, config }
}
