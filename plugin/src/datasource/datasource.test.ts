import { type DataQueryRequest, type DataQueryResponse, dateTime, LoadingState } from '@grafana/data'
import { setTemplateSrv } from '@grafana/runtime'
import { concat, lastValueFrom, NEVER, of, Subject } from 'rxjs'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { fakeBackend } from '../../test/fake-backend.ts'
import { TidewatchDatasource } from './datasource.ts'
import type { TidewatchQuery } from './query-model.ts'

const settings = { uid: 'tw', name: 'Tidewatch', type: 't', url: '/proxy', access: 'proxy', jsonData: { url: 'http://c:8484' }, meta: {} }
const range = { from: dateTime(1000), to: dateTime(61_000), raw: { from: 'now-1m', to: 'now' } }
const cpu: TidewatchQuery = { refId: 'A', kind: 'metrics', measurement: 'cpu', fields: ['usage_user'] }
const frame = { name: 'cpu', labels: {}, fields: [{ name: 'time', type: 'time', values: [1] }] }

const datasource = () => new TidewatchDatasource(settings as never)
const ask = (targets: TidewatchQuery[], more: Partial<DataQueryRequest<TidewatchQuery>> = {}): Promise<DataQueryResponse> =>
  lastValueFrom(
    datasource().query({
      requestId: 'Q1',
      range,
      intervalMs: 10_000,
      scopedVars: {},
      targets,
      ...more,
    } as DataQueryRequest<TidewatchQuery>),
  )

beforeEach(() => setTemplateSrv({ replace: (text: string) => text.replace('$m', 'cpu') } as never))

describe('query', () => {
  it('asks for all queries at once, with the range in milliseconds', async () => {
    const calls = fakeBackend({ '/query': { data: { results: { A: { frames: [frame] } } } } })
    const answer = await ask([{ ...cpu, measurement: '$m' }], { filters: [{ key: 'host', operator: '=', value: 'a' }] })
    expect(calls[0]?.data).toMatchObject({
      range: { from: 1000, to: 61_000 },
      queries: [{ refId: 'A', measurement: 'cpu', every: '10000ms', where: [{ tag: 'host', op: '=', value: 'a' }] }],
    })
    expect(answer).toMatchObject({ state: LoadingState.Done, data: [{ refId: 'A', length: 1 }] })
  })

  it('lets one query fail while the others draw', async () => {
    fakeBackend({
      '/query': { data: { results: { A: { frames: [frame] }, B: { error: { code: 'QUERY_INVALID', message: 'no field "x" in cpu' } } } } },
    })
    const answer = await ask([cpu, { ...cpu, refId: 'B' }])
    expect(answer.data).toHaveLength(1)
    expect(answer.errors).toEqual([{ refId: 'B', message: 'no field "x" in cpu' }])
  })

  it('says of every query that the collector is gone', async () => {
    fakeBackend({ '/query': { fails: { status: 502, data: {} } } })
    const { errors, state } = await ask([cpu, { ...cpu, refId: 'B' }])
    expect(state).toBe(LoadingState.Error)
    expect(errors?.map((error) => [error.refId, error.status])).toEqual([
      ['A', 502],
      ['B', 502],
    ])
  })

  it('says which filter it cannot keep', async () => {
    fakeBackend({})
    const { errors } = await ask([cpu], { filters: [{ key: 'load', operator: '>', value: '1' }] })
    expect(errors?.[0]?.message).toContain('"load > 1" cannot be used')
  })

  it('asks nothing when every query is hidden or unfinished', async () => {
    const calls = fakeBackend({})
    expect(
      await ask([
        { ...cpu, hide: true },
        { refId: 'B', kind: 'metrics' },
      ]),
    ).toEqual({ data: [] })
    expect(calls).toEqual([])
  })

  const live = { requestId: 'Q1', range, intervalMs: 1, scopedVars: {}, targets: [{ refId: 'A', kind: 'alerts', live: true }] }

  it('answers a live query once its connection stands, and keeps listening', async () => {
    const greeting = concat(of({ data: new TextEncoder().encode('retry: 3000\n\n') }), NEVER)
    const calls = fakeBackend({ '/query': { data: { results: { A: { frames: [] } } } }, '/stream': { stream: greeting } })
    const states: unknown[] = []
    const subscription = datasource()
      .query(live as never)
      .subscribe((answer) => states.push([answer.state, answer.key]))
    subscription.unsubscribe()
    expect(states).toEqual([[LoadingState.Streaming, 'Q1']])
    expect(calls.map((call) => call.url)).toEqual(['/proxy/read/api/v1/stream', '/proxy/read/api/v1/query'])
  })

  it('asks a live query for all that happened until now, however old the range of the dashboard is', () => {
    const greeting = concat(of({ data: new TextEncoder().encode('retry: 3000\n\n') }), NEVER)
    const calls = fakeBackend({ '/query': { data: { results: { A: { frames: [] } } } }, '/stream': { stream: greeting } })
    vi.useFakeTimers({ now: 62_500 })
    datasource()
      .query(live as never)
      .subscribe()
      .unsubscribe()
    vi.useRealTimers()
    expect(calls[1]?.data.range).toEqual({ from: 2500, to: 62_500 })
  })

  it('asks after an event for the alert that changed, and shows it among the others', async () => {
    vi.useFakeTimers()
    const told = new Subject<{ data: Uint8Array }>()
    const tell = (text: string) => told.next({ data: new TextEncoder().encode(text) })
    const table = (...rows: [string, string][]) => ({
      data: {
        results: {
          A: {
            frames: [
              {
                name: 'alerts',
                labels: {},
                fields: ['id', 'state'].map((name, column) => ({ name, type: 'string', values: rows.map((row) => row[column]) })),
              },
            ],
          },
        },
      },
    })
    const answers = [table(['a', 'firing'], ['b', 'firing'], ['c', 'firing']), table(['b', 'recovering'])]
    const calls = fakeBackend({ '/query': () => answers.shift() ?? table(), '/stream': { stream: told } })
    const shown: unknown[] = []
    const subscription = datasource()
      .query(live as never)
      .subscribe(({ data }) => shown.push(data[0].fields.map((field: { values: unknown[] }) => field.values)))
    tell('retry: 3000\n\n')
    for (const id of ['b', 'c']) {
      tell(`event: alert\ndata: {"alert":{"id":"${id}"}}\n\n`)
      vi.advanceTimersByTime(400)
    }
    subscription.unsubscribe()
    vi.useRealTimers()
    const asked = calls.filter(({ url }) => url.endsWith('/query')).map(({ data }) => data.queries[0].ids)
    expect(asked).toEqual([undefined, ['b'], ['c']])
    expect(shown.slice(1)).toEqual([
      [
        ['b', 'a', 'c'],
        ['recovering', 'firing', 'firing'],
      ],
      [
        ['b', 'a'],
        ['recovering', 'firing'],
      ],
    ])
  })
})

describe('ad-hoc completion', () => {
  it('offers the tags of the measurement the panels share, or all', async () => {
    const calls = fakeBackend({ '/tags': { data: { tags: ['host'] } }, '/tag-values': { data: { values: ['a'] } } })
    expect(await datasource().getTagKeys({ filters: [], queries: [cpu, cpu] })).toEqual([{ text: 'host', value: 'host' }])
    await datasource().getGroupByKeys({ filters: [], queries: [cpu, { ...cpu, measurement: 'mem' }] })
    await datasource().getTagValues({ key: 'host', filters: [], queries: [cpu] })
    expect(calls.map((call) => call.params)).toEqual([{ measurement: 'cpu' }, {}, { tag: 'host', measurement: 'cpu' }])
  })
})
