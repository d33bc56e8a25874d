import { type BackendSrvRequest, setBackendSrv } from '@grafana/runtime'
import { type Observable, of, throwError } from 'rxjs'

export type Answer = { data: unknown } | { fails: unknown } | { stream: Observable<unknown> }

/** Answers calls by the end of their path and keeps them; an unexpected call fails. */
export function fakeBackend(answers: Record<string, Answer | ((request: BackendSrvRequest) => Answer)>): BackendSrvRequest[] {
  const calls: BackendSrvRequest[] = []
  const answer = (request: BackendSrvRequest) => {
    calls.push(request)
    const [, found] = Object.entries(answers).find(([end]) => request.url.endsWith(end)) ?? []
    const given = typeof found === 'function' ? found(request) : found
    if (given === undefined) return throwError(() => ({ status: 404, data: {} }))
    if ('stream' in given) return given.stream
    return 'fails' in given ? throwError(() => given.fails) : of({ data: given.data })
  }
  setBackendSrv({ fetch: answer, chunked: answer } as never)
  return calls
}
