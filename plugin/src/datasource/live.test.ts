import { concat, defer, interval, map, NEVER, of, Subject, take, throwError, timer, VirtualTimeScheduler } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { askAgainOnChange, createChanges, toEventNames } from './live.ts'
import type { QueryKind } from './query-model.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

it('reads the names of events in pieces cut anywhere', () => {
  const names: string[] = []
  toEventNames(of(bytes(': beat\n\nevent: al'), bytes('ert\ndata: {"event: x"}\r\n\r'), bytes('\nevent:health\n\n'))).subscribe((name) =>
    names.push(name),
  )
  expect(names).toEqual(['alert', 'health'])
})

describe('createChanges', () => {
  it('opens one connection for all who listen', () => {
    let opened = 0
    const source = new Subject<Uint8Array>()
    const changes = createChanges(() => {
      opened += 1
      return source
    })
    const seen: QueryKind[] = []
    changes.subscribe((kind) => seen.push(kind))
    changes.subscribe((kind) => seen.push(kind))
    source.next(bytes('event: deployment\n\nevent: greeting\n\n'))
    expect(opened).toBe(1)
    expect(seen).toEqual(['deployments', 'deployments'])
  })

  it('takes everything for changed once a connection stands: what came before it was not told', () => {
    const seen: QueryKind[] = []
    createChanges(() => concat(of(bytes('retry: 3000\n\n')), NEVER)).subscribe((kind) => seen.push(kind))
    expect(seen).toEqual(['health', 'alerts', 'deployments'])
  })

  it('connects again after a cut, waiting longer each time', () => {
    const scheduler = new VirtualTimeScheduler(undefined, 20_000)
    const openedAt: number[] = []
    createChanges(() => {
      openedAt.push(scheduler.now())
      return openedAt.length > 3 ? NEVER : throwError(() => new Error('gone'))
    }, scheduler).subscribe()
    scheduler.flush()
    expect(openedAt).toEqual([0, 2000, 6000, 14_000])
  })

  it('takes the end of the stream for a cut', () => {
    const scheduler = new VirtualTimeScheduler(undefined, 3000)
    let opened = 0
    createChanges(() => {
      opened += 1
      return opened > 1 ? NEVER : of(bytes('event: alert\n'))
    }, scheduler).subscribe()
    scheduler.flush()
    expect(opened).toBe(2)
  })
})

describe('askAgainOnChange', () => {
  it('asks at once, and once for several changes that come together', () => {
    const scheduler = new VirtualTimeScheduler()
    const changes = new Subject<QueryKind>()
    let asked = 0
    const ask = () => {
      asked += 1
      return of(asked)
    }
    askAgainOnChange(ask, changes, new Set<QueryKind>(['alerts']), scheduler).subscribe()
    expect(asked).toBe(1)
    changes.next('alerts')
    changes.next('alerts')
    changes.next('health')
    scheduler.flush()
    expect(asked).toBe(2)
  })

  it('lets an answer under way finish however often things change, and asks once more after it', () => {
    const scheduler = new VirtualTimeScheduler()
    const askedAt: number[] = []
    const answeredAt: number[] = []
    const ask = () =>
      defer(() => {
        askedAt.push(scheduler.now())
        return timer(1000, scheduler)
      })
    const changes = interval(100, scheduler).pipe(
      take(25),
      map((): QueryKind => 'alerts'),
    )
    askAgainOnChange(ask, changes, new Set<QueryKind>(['alerts']), scheduler).subscribe(() => answeredAt.push(scheduler.now()))
    scheduler.flush()
    expect(askedAt).toEqual([0, 1000, 2000, 3000])
    expect(answeredAt).toEqual([1000, 2000, 3000, 4000])
  })

  it('asks no more once nobody listens', () => {
    const scheduler = new VirtualTimeScheduler()
    const changes = new Subject<QueryKind>()
    let asked = 0
    const ask = () =>
      defer(() => {
        asked += 1
        return timer(1000, scheduler)
      })
    const subscription = askAgainOnChange(ask, changes, new Set<QueryKind>(['alerts']), scheduler).subscribe()
    changes.next('alerts')
    subscription.unsubscribe()
    scheduler.flush()
    expect(asked).toBe(1)
  })
})
