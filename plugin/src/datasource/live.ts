import {
  asyncScheduler,
  auditTime,
  catchError,
  concat,
  concatMap,
  defer,
  EMPTY,
  filter,
  mergeMap,
  Observable,
  of,
  retry,
  type SchedulerLike,
  share,
  startWith,
  tap,
  throwError,
  timer,
} from 'rxjs'
import type { QueryKind } from './query-model.ts'

/**
 * The kinds of query that have a new answer after an event of the collector's stream. What happened
 * before the connection stood was not told: with it, everything may have changed.
 */
const kindsOfEvent: Readonly<Record<string, readonly QueryKind[]>> = {
  connected: ['health', 'alerts', 'deployments'],
  health: ['health'],
  alert: ['alerts'],
  deployment: ['deployments'],
}

const reconnectMs = { first: 2000, most: 60_000 }
/** One connection serves all panels; it stays a while when a refresh leaves and comes back. */
const lingerMs = 10_000
/** A deployment that ends may change many things at once: one question for all of them. */
const gatherMs = 300

/** The collector ends no stream but when it stops. */
const cutOff = throwError(() => new Error('The stream ended.'))

/** Which kinds have changed, from one connection that all panels of a datasource share. It never ends and never fails. */
export function createChanges(open: () => Observable<Uint8Array>, scheduler: SchedulerLike = asyncScheduler): Observable<QueryKind> {
  return defer(() => concat(open(), cutOff)).pipe(
    toEventNames,
    mergeMap((name) => of(...(kindsOfEvent[name] ?? []))),
    retry({
      delay: (_failure, attempt) => timer(Math.min(reconnectMs.most, reconnectMs.first * 2 ** (attempt - 1)), scheduler),
      resetOnSuccess: true,
    }),
    share({ resetOnRefCountZero: () => timer(lingerMs, scheduler) }),
  )
}

/**
 * Asks once, and again after changes of one of the kinds. An answer under way finishes and is shown:
 * where things change faster than answers come, a newer question in its place would leave none to show.
 * What changes meanwhile is asked for once after it.
 */
export function askAgainOnChange<T>(
  ask: () => Observable<T>,
  changes: Observable<QueryKind>,
  kinds: ReadonlySet<QueryKind>,
  scheduler: SchedulerLike = asyncScheduler,
): Observable<T> {
  return defer(() => {
    let isWaiting = false
    return changes.pipe(
      filter((kind) => kinds.has(kind)),
      auditTime(gatherMs, scheduler),
      catchError(() => EMPTY),
      startWith(undefined),
      filter(() => !isWaiting),
      tap(() => {
        isWaiting = true
      }),
      concatMap(() => {
        isWaiting = false
        return ask()
      }),
    )
  })
}

/**
 * The names of server-sent events in a stream of bytes, in the pieces in which they come. The
 * collector greets each connection with `retry:`, which is told as `connected`.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export function toEventNames(bytes: Observable<Uint8Array>): Observable<string> {
  return new Observable((observer) => {
    const decoder = new TextDecoder()
    let rest = ''
    return bytes.subscribe({
      next: (piece) => {
        const lines = (rest + decoder.decode(piece, { stream: true })).split(/\r\n|\r|\n/)
        rest = lines.pop() ?? ''
        for (const line of lines) {
          if (line.startsWith('event:')) observer.next(line.slice('event:'.length).trim())
          else if (line.startsWith('retry:')) observer.next('connected')
        }
      },
      error: (failure: unknown) => observer.error(failure),
      complete: () => observer.complete(),
    })
  })
}
