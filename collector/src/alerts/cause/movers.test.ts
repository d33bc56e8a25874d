import { describe, expect, test } from 'vitest'
import { isOwn, type Moved, rankMovers } from './movers.ts'

const minute = 60_000
const second = 1000
const alertMs = 300 * minute

/** A series that moved so long before the alert began. */
function moved(metric: string, beforeMs: number, deviations = 10): Moved {
  const [measurement = '', field = ''] = metric.split('.')
  return {
    candidate: { measurement, field, labels: { service: 'shop' }, line: { times: [], values: [] } },
    onset: { atMs: alertMs - beforeMs, direction: 'rose', before: 1, after: 9, deviations, samples: 400 },
  }
}
const named = (others: readonly Moved[], own: readonly Moved[] = []) =>
  rankMovers(others, own, alertMs).map(({ metric, leadMs }) => `${metric} ${leadMs / second}`)

describe('of the metrics that moved before an alert', () => {
  test('the first is named first, and of two at the same time the one that moved more clearly', () => {
    expect(named([moved('pool.free', 120_000), moved('queue.depth', 300_000), moved('disk.busy', 120_000, 40)])).toEqual([
      'queue.depth 300',
      'disk.busy 120',
      'pool.free 120',
    ])
  })

  test('three are named at most, and of one measurement one', () => {
    const all = ['a.x', 'a.y', 'b.x', 'c.x', 'd.x', 'e.x'].map((metric, index) => moved(metric, (20 - index) * minute))
    expect(named(all)).toEqual(['a.x 1200', 'b.x 1080', 'c.x 1020'])
  })

  test('none is named that moved with the metric of the alert, or after', () => {
    const own = [moved('http.latency', 120_000), moved('http.latency', 90_000)]
    const others = [moved('early.x', 150_000), moved('same.x', 120_000), moved('hardly.x', 135_000), moved('late.x', 60_000)]
    expect(named(others, own)).toEqual(['early.x 30'])
  })

  test('an alert whose own metric moved only later counts from its own beginning', () => {
    expect(named([moved('queue.depth', 60_000), moved('late.x', -60_000)], [moved('http.latency', -120_000)])).toEqual(['queue.depth 60'])
  })
})

describe('a series is what the alert itself looks at', () => {
  const latency = { measurement: 'http', field: 'latency', where: [] }
  const labels = { service: 'shop', host: 'a' }
  const series = (measurement: string, field: string, own: Record<string, string>) => ({
    ...{ measurement, field, labels: own },
    line: { times: [], values: [] },
  })

  test.each([
    ['of its measurement, field and labels', series('http', 'latency', { service: 'shop', host: 'a' }), true],
    ['with a label that the alert does not have', series('http', 'latency', { service: 'shop', route: '/pay' }), true],
    ['of another field', series('http', 'errors', labels), false],
    ['of another measurement', series('queue', 'latency', labels), false],
    ['of another host', series('http', 'latency', { service: 'shop', host: 'b' }), false],
  ])('%s', (_, candidate, is) => {
    expect(isOwn(candidate, [latency], labels)).toBe(is)
  })

  test('also when the rule looks at several, or at fields by an expression', () => {
    const several = [latency, { measurement: 'cpu', field: /^usage_/, where: [] }]
    expect(isOwn(series('cpu', 'usage_user', labels), several, labels)).toBe(true)
    expect(isOwn(series('cpu', 'load', labels), several, labels)).toBe(false)
    expect(isOwn(series('http', 'latency', labels), several, labels)).toBe(true)
  })
})
