import {
  type DataQueryRequest,
  type DataQueryResponse,
  type DataSourceApi,
  dateTime,
  type PanelData,
  rangeUtil,
  toDataFrame,
} from '@grafana/data'
import { LoadingState } from '@grafana/schema'
import { NEVER, Observable, of, Subject, VirtualTimeScheduler } from 'rxjs'
import { describe, expect, it, vi } from 'vitest'
import { runRequest } from './run-request.ts'

const request = { targets: [{ refId: 'A' }], range: {} } as unknown as DataQueryRequest
const frame = (name: string, dataTopic?: string) => toDataFrame({ name, meta: { dataTopic }, fields: [{ name: 'v', values: [1] }] })
const source = (query: DataSourceApi['query']) => ({ query }) as DataSourceApi

function collect(stream: Observable<PanelData>) {
  const seen: PanelData[] = []
  const subscription = stream.subscribe((data) => seen.push(data))
  return { seen, subscription, last: () => seen.at(-1) }
}

describe('runRequest', () => {
  it('ends at once when there is nothing to ask', () => {
    const asked = source(() => {
      throw new Error('must not be called')
    })
    const hidden = { ...request, targets: [{ refId: 'A', hide: true }] }
    expect(collect(runRequest(asked, hidden)).last()).toMatchObject({ state: LoadingState.Done, series: [] })
  })

  it('says that it loads when an answer takes its time, and not before', () => {
    const scheduler = new VirtualTimeScheduler()
    const { seen } = collect(
      runRequest(
        source(() => NEVER),
        request,
        undefined,
        scheduler,
      ),
    )
    expect(seen).toEqual([])
    scheduler.flush()
    expect(seen.map((data) => data.state)).toEqual([LoadingState.Loading])
  })

  it('does not say that it loads after the answer came', () => {
    const scheduler = new VirtualTimeScheduler()
    const { seen } = collect(
      runRequest(
        source(() => of({ data: [] })),
        request,
        undefined,
        scheduler,
      ),
    )
    scheduler.flush()
    expect(seen.map((data) => data.state)).toEqual([LoadingState.Done])
  })

  it('replaces packets of one key and keeps those of others', () => {
    const packets = new Subject<DataQueryResponse>()
    const { last } = collect(
      runRequest(
        source(() => packets),
        request,
      ),
    )
    packets.next({ key: 'a', data: [frame('a1')], state: LoadingState.Streaming })
    packets.next({ key: 'b', data: [frame('b1')], state: LoadingState.Streaming })
    packets.next({ key: 'a', data: [frame('a2')], state: LoadingState.Streaming })
    expect(last()?.series.map((one) => one.name)).toEqual(['a2', 'b1'])
    expect(last()?.state).toBe(LoadingState.Streaming)
  })

  it('keeps the frames of the queries that succeeded beside the error of the one that failed', () => {
    const answer = { data: [frame('good')], errors: [{ refId: 'B', message: 'no such field' }] }
    const { last } = collect(
      runRequest(
        source(() => of(answer)),
        request,
      ),
    )
    expect(last()).toMatchObject({ state: LoadingState.Error, errors: [{ refId: 'B', message: 'no such field' }] })
    expect(last()?.series).toHaveLength(1)
  })

  it('sets annotations apart from series', () => {
    const { last } = collect(
      runRequest(
        source(() => of({ data: [frame('value'), frame('mark', 'annotations')] })),
        request,
      ),
    )
    expect(last()?.series.map((one) => one.name)).toEqual(['value'])
    expect(last()?.annotations?.map((one) => one.name)).toEqual(['mark'])
  })

  it('turns whatever a datasource throws into an error of the panel', async () => {
    const thrown = collect(
      runRequest(
        source(() => {
          throw new Error('broken')
        }),
        request,
      ),
    )
    expect(thrown.last()).toMatchObject({ state: LoadingState.Error, errors: [{ message: 'broken' }] })
    const rejected = collect(
      runRequest(
        source(() => Promise.reject(new Error('refused'))),
        request,
      ),
    )
    await Promise.resolve().then(() => undefined)
    await Promise.resolve()
    expect(rejected.last()).toMatchObject({ state: LoadingState.Error, errors: [{ message: 'refused' }] })
  })

  it('moves a range that ends now on with every packet, and leaves a fixed one alone', () => {
    vi.useFakeTimers({ now: 1_000_000 })
    const raw = { from: 'now-10s', to: 'now' }
    const packets = new Subject<DataQueryResponse>()
    const relative = { ...request, range: rangeUtil.convertRawToRange(raw) }
    const { last } = collect(
      runRequest(
        source(() => packets),
        relative,
      ),
    )
    vi.setSystemTime(1_060_000)
    packets.next({ data: [], state: LoadingState.Streaming })
    expect([last()?.timeRange.from.valueOf(), last()?.timeRange.to.valueOf()]).toEqual([1_050_000, 1_060_000])

    const from = dateTime(5)
    const to = dateTime(9)
    const fixed = { ...request, range: { from, to, raw: { from, to } } }
    const answered = collect(
      runRequest(
        source(() => of({ data: [] })),
        fixed,
      ),
    )
    expect(answered.last()?.timeRange.to.valueOf()).toBe(9)
    vi.useRealTimers()
  })

  it('leaves the datasource when its subscriber leaves', () => {
    let left = false
    const asked = new Observable<DataQueryResponse>(() => () => {
      left = true
    })
    collect(
      runRequest(
        source(() => asked),
        request,
      ),
    ).subscription.unsubscribe()
    expect(left).toBe(true)
  })
})
