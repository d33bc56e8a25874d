import {
  asyncScheduler,
  auditTime,
  catchError,
  concat,
  concatMap,
  defer,
  filter,
  from,
  merge,
  mergeMap,
  NEVER,
  Observable,
  of,
  retry,
  type SchedulerLike,
  share,
  take,
  tap,
  throwError,
  timer,
} from 'rxjs'
import type { QueryKind } from './query-model.ts'

/** Something of a kind changed: this one alert, or any of them. */
export type Change = { readonly kind: QueryKind; readonly alertId?: string }

/** What changed since the last question, by kind: the ids of alerts, or `any`. Nothing is in it for the first question. */
export type Changed = ReadonlyMap<QueryKind, ReadonlySet<string> | 'any'>

/** Changes as they are told, over one connection that all panels of a datasource share. */
export type Changes = {
  /** It never ends and never fails. */
  readonly stream: Observable<Change>
  /** Whether the connection stands, so that nothing that happens now goes untold. */
  readonly isOpen: () => boolean
}

/** What happened before the connection stood was not told: with it, everything may have changed. */
const onConnection: readonly Change[] = [{ kind: 'health' }, { kind: 'alerts' }, { kind: 'deployments' }]

const reconnectMs = { first: 2000, most: 60_000 }
/** One connection serves all panels; it stays a while when a refresh leaves and comes back. */
const lingerMs = 10_000
/** A deployment that ends may change many things at once: one question for all of them. */
const gatherMs = 300
/** A question asked before the connection stands is asked again with it, so the first waits this long for it. */
const greetingMs = 100

/** The collector ends no stream but when it stops. */
const cutOff = throwError(() => new Error('The stream ended.'))

export function createChanges(open: () => Observable<Uint8Array>, scheduler: SchedulerLike = asyncScheduler): Changes {
  let isOpen = false
  const setOpen = (open: boolean): void => {
    isOpen = open
  }
  const stream = defer(() => concat(open(), cutOff)).pipe(
    toEvents,
    tap({ next: () => setOpen(true), error: () => setOpen(false), unsubscribe: () => setOpen(false) }),
    mergeMap((event) => from(toChanges(event))),
    retry({
      delay: (_failure, attempt) => timer(Math.min(reconnectMs.most, reconnectMs.first * 2 ** (attempt - 1)), scheduler),
      resetOnSuccess: true,
    }),
    share({ resetOnRefCountZero: () => timer(lingerMs, scheduler) }),
  )
  return { stream, isOpen: () => isOpen }
}

function toChanges({ name, data }: ServerEvent): readonly Change[] {
  switch (name) {
    case 'connected':
      return onConnection
    case 'health':
      return [{ kind: 'health' }]
    case 'deployment':
    case 'gate':
      return [{ kind: 'deployments' }]
    case 'alert':
      return [{ kind: 'alerts', ...toAlertId(data) }]
    default:
      return []
  }
}

function toAlertId(data: string): { alertId?: string } {
  try {
    const { alert } = JSON.parse(data) as { alert?: { id?: unknown } }
    return typeof alert?.id === 'string' ? { alertId: alert.id } : {}
  } catch {
    return {}
  }
}

/**
 * Asks once the connection stands, and again after changes of one of the kinds; each time it is told
 * what changed, so that it need not ask for everything. An answer under way finishes and is shown:
 * where things change faster than answers come, a newer question in its place would leave none to
 * show. What changes meanwhile is asked for once after it.
 */
export function askAgainOnChange<T>(
  ask: (changed: Changed) => Observable<T>,
  changes: Changes,
  kinds: ReadonlySet<QueryKind>,
  scheduler: SchedulerLike = asyncScheduler,
): Observable<T> {
  return defer(() => {
    let gathered = new Map<QueryKind, Set<string> | 'any'>()
    let isFirst = true
    let isWaiting = false
    const told = changes.stream.pipe(
      filter(({ kind }) => kinds.has(kind)),
      tap((change) => gather(gathered, change)),
      catchError(() => NEVER),
      share(),
    )
    // Looked at once we listen: the greeting may have come with the first subscription.
    const first = defer(() => (changes.isOpen() ? of(undefined) : merge(told, timer(greetingMs, scheduler)).pipe(take(1))))
    return merge(told.pipe(auditTime(gatherMs, scheduler)), first).pipe(
      filter(() => !isWaiting && (isFirst || gathered.size > 0)),
      tap(() => {
        isWaiting = true
      }),
      concatMap(() => {
        const changed = isFirst ? new Map() : gathered
        isWaiting = isFirst = false
        gathered = new Map()
        return ask(changed)
      }),
    )
  })
}

function gather(gathered: Map<QueryKind, Set<string> | 'any'>, { kind, alertId }: Change): void {
  const before = gathered.get(kind)
  if (alertId === undefined || before === 'any') gathered.set(kind, 'any')
  else gathered.set(kind, (before ?? new Set<string>()).add(alertId))
}

type ServerEvent = { readonly name: string; readonly data: string }

/**
 * Server-sent events in a stream of bytes, in the pieces in which they come. The collector greets
 * each connection with `retry:`, which is told as `connected`.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export function toEvents(bytes: Observable<Uint8Array>): Observable<ServerEvent> {
  return new Observable((observer) => {
    const decoder = new TextDecoder()
    let rest = ''
    let [name, data] = ['', '']
    const take = (line: string): void => {
      if (line.startsWith('event:')) name = line.slice('event:'.length).trim()
      else if (line.startsWith('data:')) data += line.slice('data:'.length)
      else if (line.startsWith('retry:')) observer.next({ name: 'connected', data: '' })
      else if (line === '') {
        if (name !== '') observer.next({ name, data })
        name = data = ''
      }
    }
    return bytes.subscribe({
      next: (piece) => {
        const lines = (rest + decoder.decode(piece, { stream: true })).split(/\r\n|\r|\n/)
        rest = lines.pop() ?? ''
        for (const line of lines) take(line)
      },
      error: (failure: unknown) => observer.error(failure),
      complete: () => observer.complete(),
    })
  })
}
