import { describe, expect, test } from 'vitest'
import type { RuleInput } from '../definition/rule-schema.ts'
import { createRuleScenario } from './rule-scenario.ts'

const hot: RuleInput = {
  name: 'Hot',
  source: { measurement: 'load', field: 'value' },
  condition: { above: 90 },
  window: '1m',
  for: '20s',
}

async function summaryOf(changes: Partial<RuleInput>, name = 'load.value', tags: Record<string, string> = { host: 'a' }) {
  const [measurement, field] = name.split('.')
  const scenario = createRuleScenario([{ ...hot, source: { measurement, field }, ...changes }])
  await scenario.hold(95, 60, tags, name)
  return { ...scenario, summary: () => scenario.instances()[0]?.annotations.summary }
}

describe('the summary of a rule that has none', () => {
  test.each<[name: string, changes: Partial<RuleInput>, told: string]>([
    ['disk.used_percent', {}, 'disk.used_percent is 95 %, limit: above 90 % for 20s (host=a)'],
    ['http.mean_ms', { aggregate: 'max' }, 'max of http.mean_ms over 1m is 95 ms, limit: above 90 ms for 20s (host=a)'],
    [
      'net.bytes',
      { aggregate: 'increase', condition: { above: -1 } },
      'increase of net.bytes over 1m is 0 bytes, limit: above -1 bytes for 20s (host=a)',
    ],
    [
      'net.bytes',
      { aggregate: 'rate', condition: { above: -1 } },
      'rate of net.bytes over 1m is 0 bytes/s, limit: above -1 bytes/s for 20s (host=a)',
    ],
    ['net.bytes', { aggregate: 'count', condition: { above: 1 } }, 'count of net.bytes over 1m is 6, limit: above 1 for 20s (host=a)'],
    ['queue.length', { unit: 'orders' }, 'queue.length is 95 orders, limit: above 90 orders for 20s (host=a)'],
    ['queue.length', {}, 'queue.length is 95, limit: above 90 for 20s (host=a)'],
  ])('says of %s with %j what it is counted in', async (name, changes, told) => {
    expect((await summaryOf(changes, name)).summary()).toBe(told)
  })

  test('says since when there is no data and what the last value was, and not the value as if it were so now', async () => {
    const { summary, to, states } = await summaryOf({ on_no_data: 'alert' }, 'disk.used_percent')
    await to(200)
    expect(states()).toBe('a firing')
    expect(summary()).toBe('disk.used_percent: no data since 2026-01-01 00:02 UTC; the last value was 95 % (host=a)')
  })

  test('has room for four labels, none of which may fill it alone', async () => {
    const tags = { app: 'x'.repeat(300), cluster: 'c', namespace: 'n', pod: 'p', zone: 'z' }
    const { summary } = await summaryOf({}, 'queue.length', tags)
    expect(summary()).toBe(`queue.length is 95, limit: above 90 for 20s (app=${'x'.repeat(60)}…, cluster=c, namespace=n, pod=p, …)`)
  })
})
