import { concat, defer, interval, map, NEVER, type Observable, of, Subject, take, throwError, timer, VirtualTimeScheduler } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { askAgainOnChange, type Change, type Changed, createChanges, toEvents } from './live.ts'
import type { QueryKind } from './query-model.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

it('reads events in pieces cut anywhere', () => {
  const seen: unknown[] = []
  const pieces = [': beat\n\nevent: al', 'ert\nid: 7\ndata: {"event: x"}\r\n\r', '\nevent:health\n\nretry: 3000\n\n'].map(bytes)
  toEvents(of(...pieces)).subscribe((event) => seen.push(event))
  expect(seen).toEqual([
    { name: 'alert', data: ' {"event: x"}' },
    { name: 'health', data: '' },
    { name: 'connected', data: '' },
  ])
})

describe('createChanges', () => {
  it('opens one connection for all who listen', () => {
    let opened = 0
    const source = new Subject<Uint8Array>()
    const changes = createChanges(() => {
      opened += 1
      return source
    })
    const seen: Change[] = []
    expect(changes.isOpen()).toBe(false)
    changes.stream.subscribe((change) => seen.push(change))
    changes.stream.subscribe((change) => seen.push(change))
    source.next(bytes('event: deployment\n\nevent: greeting\n\nevent: gate\n\n'))
    expect(opened).toBe(1)
    expect(changes.isOpen()).toBe(true)
    expect(seen.map(({ kind }) => kind)).toEqual(Array(4).fill('deployments'))
  })

  it('takes everything for changed once a connection stands: what came before it was not told', () => {
    const seen: QueryKind[] = []
    createChanges(() => concat(of(bytes('retry: 3000\n\n')), NEVER)).stream.subscribe(({ kind }) => seen.push(kind))
    expect(seen).toEqual(['health', 'alerts', 'deployments'])
  })

  it('says which alert changed, or that any may have where an event does not tell', () => {
    const seen: Change[] = []
    const told = 'event: alert\ndata: {"type":"alert","alert":{"id":"a1"}}\n\nevent: alert\ndata: {"al\n\n'
    createChanges(() => concat(of(bytes(told)), NEVER)).stream.subscribe((change) => seen.push(change))
    expect(seen).toEqual([{ kind: 'alerts', alertId: 'a1' }, { kind: 'alerts' }])
  })

  it('connects again after a cut, waiting longer each time', () => {
    const scheduler = new VirtualTimeScheduler(undefined, 20_000)
    const openedAt: number[] = []
    createChanges(() => {
      openedAt.push(scheduler.now())
      return openedAt.length > 3 ? NEVER : throwError(() => new Error('gone'))
    }, scheduler).stream.subscribe()
    scheduler.flush()
    expect(openedAt).toEqual([0, 2000, 6000, 14_000])
  })

  it('takes the end of the stream for a cut', () => {
    const scheduler = new VirtualTimeScheduler(undefined, 3000)
    let opened = 0
    createChanges(() => {
      opened += 1
      return opened > 1 ? NEVER : of(bytes('event: alert\n'))
    }, scheduler).stream.subscribe()
    scheduler.flush()
    expect(opened).toBe(2)
  })
})

describe('askAgainOnChange', () => {
  const alerts = new Set<QueryKind>(['alerts'])
  const open = (stream: Observable<Change>) => ({ stream, isOpen: () => true })

  it('asks at once, and once for several changes that come together, knowing which', () => {
    const scheduler = new VirtualTimeScheduler()
    const changes = new Subject<Change>()
    const asked: Changed[] = []
    const ask = (changed: Changed) => {
      asked.push(changed)
      return of(asked.length)
    }
    askAgainOnChange(ask, open(changes), alerts, scheduler).subscribe()
    expect(asked).toEqual([new Map()])
    changes.next({ kind: 'alerts', alertId: 'a' })
    changes.next({ kind: 'alerts', alertId: 'b' })
    changes.next({ kind: 'alerts', alertId: 'a' })
    changes.next({ kind: 'health' })
    scheduler.flush()
    expect(asked.slice(1)).toEqual([new Map([['alerts', new Set(['a', 'b'])]])])
    changes.next({ kind: 'alerts', alertId: 'a' })
    changes.next({ kind: 'alerts' })
    scheduler.flush()
    expect(asked.slice(2)).toEqual([new Map([['alerts', 'any']])])
  })

  it('waits for the connection, so that what comes with it need not be asked for twice', () => {
    const scheduler = new VirtualTimeScheduler()
    const changes = new Subject<Change>()
    const askedAt: number[] = []
    const ask = () => {
      askedAt.push(scheduler.now())
      return of(1)
    }
    askAgainOnChange(ask, { stream: changes, isOpen: () => false }, alerts, scheduler).subscribe()
    scheduler.schedule(() => changes.next({ kind: 'alerts' }), 40)
    scheduler.flush()
    expect(askedAt).toEqual([40])
  })

  it('asks without a connection when none comes, and again with it', () => {
    const scheduler = new VirtualTimeScheduler(undefined, 5000)
    const changes = new Subject<Change>()
    const askedAt: number[] = []
    const ask = () => {
      askedAt.push(scheduler.now())
      return of(1)
    }
    askAgainOnChange(ask, { stream: changes, isOpen: () => false }, alerts, scheduler).subscribe()
    scheduler.schedule(() => changes.next({ kind: 'alerts' }), 2000)
    scheduler.flush()
    expect(askedAt).toEqual([100, 2300])
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
      map((): Change => ({ kind: 'alerts' })),
    )
    askAgainOnChange(ask, open(changes), alerts, scheduler).subscribe(() => answeredAt.push(scheduler.now()))
    scheduler.flush()
    expect(askedAt).toEqual([0, 1000, 2000, 3000])
    expect(answeredAt).toEqual([1000, 2000, 3000, 4000])
  })

  it('asks no more once nobody listens', () => {
    const scheduler = new VirtualTimeScheduler()
    const changes = new Subject<Change>()
    let asked = 0
    const ask = () =>
      defer(() => {
        asked += 1
        return timer(1000, scheduler)
      })
    const subscription = askAgainOnChange(ask, open(changes), alerts, scheduler).subscribe()
    changes.next({ kind: 'alerts' })
    subscription.unsubscribe()
    scheduler.flush()
    expect(asked).toBe(1)
  })
})
