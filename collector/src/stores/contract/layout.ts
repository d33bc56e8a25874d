import { describe, expect, it } from 'vitest'
import type { MetricsQuery } from '../../model/query.ts'
import { ask, askValues, hour, point, startMs, toQuery, write } from './subject.ts'
import type { Door } from './writing.ts'

export function testLayout(door: Door): void {
  describe('buckets and fills', () => testFills(door))
  describe('label sets', () => testGroups(door))
  describe('order and limits', () => testLimits(door))
  describe('cancellation', () => testCancellation(door))
}

function testFills(door: Door): void {
  const range = { from: startMs + 30_000, to: startMs + 5 * 60_000 }
  const fills: [MetricsQuery['fill'], number[], unknown[], unknown[]][] = [
    ['none', [60, 180], [2, 6], [null, 1]],
    ['null', [0, 60, 120, 180, 240], [null, 2, null, 6, null], [null, null, null, 1, null]],
    ['previous', [0, 60, 120, 180, 240], [null, 2, 2, 6, 6], [null, null, null, 1, 1]],
    ['linear', [0, 60, 120, 180, 240], [null, 2, 4, 6, null], [null, null, null, 1, null]],
    [-7, [0, 60, 120, 180, 240], [-7, 2, -7, 6, -7], [-7, -7, -7, 1, -7]],
  ]

  it.each(fills)('fill %s', async (fill, seconds, v, w) => {
    await write(door.store, point('m', {}, { v: 1 }, 60), point('m', {}, { v: 3 }, 119), point('m', {}, { v: 6, w: 1 }, 180))
    await write(door.store, point('m', {}, { v: 100 }, 29), point('m', {}, { v: 100 }, 300))
    expect(await ask(door.store, { fields: ['v', 'w'], aggregate: 'mean', everyMs: 60_000, fill }, range)).toEqual([
      { labels: {}, seconds, v, w },
    ])
  })

  it('leaves gaps in strings and booleans that a number cannot fill', async () => {
    await write(door.store, point('m', {}, { s: 'x', b: true }, 60))
    const query = { fields: ['s', 'b'], aggregate: 'last', everyMs: 60_000 } as const
    const seconds = [0, 60, 120, 180, 240]
    const short = { ...range, from: startMs }
    expect(await ask(door.store, { ...query, fill: 0 }, short)).toEqual([
      { labels: {}, seconds, s: [null, 'x', null, null, null], b: [null, true, null, null, null] },
    ])
    expect(await ask(door.store, { ...query, fill: 'previous' }, short)).toEqual([
      { labels: {}, seconds, s: [null, 'x', 'x', 'x', 'x'], b: [null, true, true, true, true] },
    ])
  })

  it('aligns buckets to 1970, so the first may begin before the range', async () => {
    await write(door.store, ...[25, 35, 50].map((at) => point('m', {}, { v: at }, at)))
    const late = { from: startMs + 30_000, to: startMs + 60_000 }
    expect(await ask(door.store, { aggregate: 'sum', everyMs: 20_000 }, late)).toEqual([{ labels: {}, seconds: [20, 40], v: [35, 50] }])
  })

  it('gives one value at the beginning of the range without buckets', async () => {
    await write(door.store, point('m', {}, { v: 1 }, 100), point('m', {}, { v: 2 }, 200))
    expect(await ask(door.store, { aggregate: 'sum', fill: 'previous' }, range)).toEqual([{ labels: {}, seconds: [30], v: [3] }])
  })

  it('answers points before 1970 in the right bucket', async () => {
    const early = { from: -120_000, to: 0 }
    await write(door.store, { measurement: 'm', tags: {}, fields: { v: 5 }, timeNs: -60_000_000_001n })
    const [frame] = await door.store.query(toQuery({ aggregate: 'sum', everyMs: 60_000 }), early)
    expect(frame?.fields.map(({ values }) => values)).toEqual([[-120_000], [5]])
    const [raw] = await door.store.query(toQuery({}), early)
    expect(raw?.fields.map(({ values }) => values)).toEqual([[-60_001], [5]])
  })

  it('refuses more buckets than anyone can look at', async () => {
    await expect(ask(door.store, { aggregate: 'mean', everyMs: 1 })).rejects.toMatchObject({ code: 'QUERY_INVALID' })
    await expect(ask(door.store, { aggregate: 'mean', everyMs: 0 })).rejects.toMatchObject({ code: 'QUERY_INVALID' })
    await expect(ask(door.store, {}, { from: 5, to: 5 })).rejects.toMatchObject({ code: 'QUERY_INVALID' })
  })
}

function testGroups(door: Door): void {
  it('make a frame each, in the order of their labels, with an empty label where the tag is missing', async () => {
    await write(
      door.store,
      point('m', { host: 'b', zone: 'eu' }, { v: 1 }, 0),
      point('m', { host: 'a', zone: 'us' }, { v: 2 }, 0),
      point('m', { host: 'a', zone: 'eu' }, { v: 4 }, 0),
      point('m', { zone: 'eu' }, { v: 8 }, 0),
    )
    expect(await ask(door.store, { aggregate: 'sum', groupBy: ['host'] })).toEqual([
      { labels: { host: '' }, seconds: [0], v: [8] },
      { labels: { host: 'a' }, seconds: [0], v: [6] },
      { labels: { host: 'b' }, seconds: [0], v: [1] },
    ])
    const both = await ask(door.store, { aggregate: 'sum', groupBy: ['zone', 'host'] })
    expect(both.map(({ labels, v }) => [labels.zone, labels.host, v])).toEqual([
      ['eu', '', [8]],
      ['eu', 'a', [4]],
      ['eu', 'b', [1]],
      ['us', 'a', [2]],
    ])
  })

  it('may name a tag no series has, and one twice', async () => {
    await write(door.store, point('m', { host: 'a' }, { v: 1 }, 0))
    expect(await ask(door.store, { groupBy: ['nope', 'host', 'host'] })).toEqual([
      { labels: { nope: '', host: 'a' }, seconds: [0], v: [1] },
    ])
  })

  it('tells a tag from a field of the same name', async () => {
    await write(door.store, point('m', { x: 'tag' }, { x: 5, v: 1 }, 0), point('m', { x: 'other' }, { x: 6 }, 0))
    expect(await ask(door.store, { fields: ['x'], groupBy: ['x'], where: [{ tag: 'x', op: '=', value: 'tag' }] })).toEqual([
      { labels: { x: 'tag' }, seconds: [0], x: [5] },
    ])
  })

  it('name the frame after the measurement and type its columns', async () => {
    await write(door.store, point('m', {}, { v: 1, s: 'x', b: true, i: 1n }, 0))
    const [frame] = await door.store.query(toQuery({ fields: ['v', 's', 'b', 'i', 'unknown'] }), hour)
    expect(frame?.name).toBe('m')
    expect(frame?.fields.map(({ name, type }) => [name, type])).toEqual([
      ['time', 'time'],
      ['v', 'number'],
      ['s', 'string'],
      ['b', 'boolean'],
      ['i', 'number'],
      ['unknown', 'number'],
    ])
  })

  it('are none for an unknown measurement or field, or a range without points', async () => {
    await write(door.store, point('m', {}, { v: 1 }, 0))
    expect(await ask(door.store, { measurement: 'nope' })).toEqual([])
    expect(await ask(door.store, { fields: ['nope'], aggregate: 'mean', everyMs: 60_000, fill: 0 })).toEqual([])
    expect(
      await ask(door.store, { aggregate: 'mean', everyMs: 60_000, fill: 0 }, { from: startMs + 60_000, to: startMs + 120_000 }),
    ).toEqual([])
  })

  it('beyond seriesMax are refused with advice, and only those with points count', async () => {
    await write(door.store, ...['a', 'b', 'c'].map((host, at) => point('m', { host }, { v: 1 }, at)))
    const query = { groupBy: ['host'], aggregate: 'mean', seriesMax: 2 } as const
    const refused = { code: 'QUERY_TOO_MANY_SERIES', message: expect.stringContaining('Narrow it') }
    await expect(ask(door.store, query)).rejects.toMatchObject(refused)
    await expect(ask(door.store, { ...query, aggregate: 'none' })).rejects.toMatchObject(refused)
    await expect(ask(door.store, { ...query, aggregate: 'rate' })).resolves.toEqual([])
    expect(await ask(door.store, query, { from: startMs, to: startMs + 2000 })).toHaveLength(2)
  })
}

function testLimits(door: Door): void {
  it('gives raw points of all series in the order of time, a row for each point', async () => {
    await write(
      door.store,
      point('m', { host: 'b' }, { v: 1, w: 2 }, 1),
      point('m', { host: 'a' }, { v: 3 }, 1),
      point('m', { host: 'a' }, { w: 4 }, 0),
      point('m', { host: 'b' }, { v: 5 }, 2),
    )
    expect(await ask(door.store, { fields: ['v', 'w'] })).toEqual([
      { labels: {}, seconds: [0, 1, 1, 2], v: [null, 3, 1, 5], w: [4, null, 2, null] },
    ])
  })

  it('keeps points apart that share a millisecond', async () => {
    await write(door.store, point('m', {}, { v: 1 }, 0.0001), point('m', {}, { v: 2 }, 0.0002))
    expect(await ask(door.store, {})).toEqual([{ labels: {}, seconds: [0, 0], v: [1, 2] }])
  })

  it.each([
    ['asc', [0, 1, 2]],
    ['desc', [9, 8, 7]],
  ] as const)('cuts raw rows of each frame, %s', async (order, rows) => {
    await write(
      door.store,
      ...Array.from({ length: 10 }, (_, i) => ['a', 'b'].map((host) => point('m', { host }, { v: i, w: i }, i))).flat(),
    )
    const frames = await ask(door.store, { fields: ['v', 'w'], groupBy: ['host'], order, limit: 3 })
    expect(frames).toEqual(['a', 'b'].map((host) => ({ labels: { host }, seconds: [...rows], v: [...rows], w: [...rows] })))
    const twice = rows.flatMap((row) => [row, row])
    expect(await ask(door.store, { order, limit: 6 })).toEqual([{ labels: {}, seconds: twice, v: twice }])
    expect(await ask(door.store, { order, limit: 3 })).toEqual([{ labels: {}, seconds: twice.slice(0, 3), v: twice.slice(0, 3) }])
  })

  it('cuts buckets after they were filled, from the end the order begins with', async () => {
    await write(door.store, point('m', {}, { v: 1 }, 60), point('m', {}, { v: 4 }, 240))
    const query = { aggregate: 'mean', everyMs: 60_000, fill: 'linear', limit: 3 } as const
    const range = { from: startMs, to: startMs + 6 * 60_000 }
    expect(await ask(door.store, query, range)).toEqual([{ labels: {}, seconds: [0, 60, 120], v: [null, 1, 2] }])
    expect(await ask(door.store, { ...query, order: 'desc' }, range)).toEqual([{ labels: {}, seconds: [300, 240, 180], v: [null, 4, 3] }])
  })
}

function testCancellation(door: Door): void {
  it('stops a query whose caller has left before it began', async () => {
    await write(door.store, point('m', {}, { v: 1 }, 0))
    await expect(door.store.query(toQuery({}), hour, AbortSignal.abort())).rejects.toMatchObject({ code: 'QUERY_CANCELLED' })
    expect(await askValues(door.store, {})).toEqual([1])
  })

  it('stops a query under way, says whether time was up, and goes on answering others', async () => {
    await write(door.store, ...Array.from({ length: 2000 }, (_, i) => point('m', { host: String(i % 50) }, { v: i }, i)))
    for (const [reason, code] of [
      [undefined, 'QUERY_CANCELLED'],
      [new DOMException('too slow', 'TimeoutError'), 'QUERY_TIMEOUT'],
    ] as const) {
      const controller = new AbortController()
      const answer = door.store.query(toQuery({ aggregate: 'p95', groupBy: ['host'] }), hour, controller.signal)
      controller.abort(reason)
      await expect(answer).rejects.toMatchObject({ code })
    }
    expect(await askValues(door.store, { aggregate: 'count' })).toEqual([2000])
  })
}
