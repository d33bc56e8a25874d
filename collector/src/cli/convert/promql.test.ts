import { describe, expect, test } from 'vitest'
import { toExpressionRule } from './expression-rule.ts'
import { parseExpression } from './promql.ts'

describe('an expression is read', () => {
  const shown = (text: string): unknown =>
    JSON.parse(
      JSON.stringify(parseExpression(text), (key, value) =>
        ['matching', 'range', 'shift', 'tests'].includes(key) && value.length === 0 ? undefined : value,
      ),
    )
  const load = { type: 'selector', metric: 'load' }
  const number = (value: number) => ({ type: 'number', value })

  test('with the precedence of Prometheus', () => {
    const product = { type: 'operation', op: '*', left: number(2), right: { type: 'operation', op: '^', left: load, right: number(2) } }
    expect(shown('1 + 2 * load ^ 2 > 3')).toEqual({
      ...{ type: 'operation', op: '>', right: number(3) },
      left: { type: 'operation', op: '+', left: number(1), right: product },
    })
  })

  test('with its labels, ranges, offsets, comments and words of grouping on either side', () => {
    expect(shown('rate(load{a="b\\"c",d!~\'e\'}[5m] offset 1h) # why')).toEqual({
      ...{ type: 'call', name: 'rate' },
      inputs: [
        {
          ...{ ...load, range: '5m', shift: 'offset 1h' },
          tests: [
            { label: 'a', op: '=', value: 'b"c' },
            { label: 'd', op: '!~', value: 'e' },
          ],
        },
      ],
    })
    const sum = { type: 'aggregation', name: 'sum', inputs: [load], by: ['a'], isWithout: false }
    expect([shown('sum by (a) (load)'), shown('sum(load) by (a)')]).toEqual([sum, sum])
    expect(shown('{__name__="load"}')).toEqual(load)
    expect(shown('1e3')).toEqual(number(1000))
  })

  test.each([
    ['load >', 'it ends too early'],
    ['load{a=b} > 1', '"b" must stand in quotes'],
    ['sum(load', '"," is expected in place of the end'],
    ['load ; 1', 'cannot be read from here on: ; 1'],
    ['load 5', '"5" is not expected in load 5'],
    [`${'('.repeat(200)}load${')'.repeat(200)}`, 'more than 100 parentheses'],
  ])('%s is refused in a sentence', (text, why) => {
    expect(() => parseExpression(text)).toThrow(why)
  })
})

test.each([
  ['up', 'it compares nothing with a number'],
  ['up == bool 0', '"== bool" has no counterpart'],
  ['a > b', '">" compares two metrics; divide one by the other'],
  ['a > 1 or b > 1', '"or" joins two conditions: write each as a rule'],
  ['sum by (job) (up) < 2', 'sum of the newest values of several series has no counterpart'],
  ['count by (job) (up == 0) > 2', 'joins two values'],
  ['sum without (host) (rate(x[5m])) > 1', 'without (…) names labels that go'],
  ['avg by (instance) (rate(cpu{mode="idle"}[5m])) < 0.1', 'the mean of several rates has no counterpart'],
  ['rate(x[5m] offset 1w) > 1', 'x offset 1w: rules look at now; "kind: compare"'],
  ['irate(x[5m]) > 1', 'irate() takes two samples only; write rate() first'],
  ['time() - x > 60', 'joins two values'],
  ['topk(5, x) > 1', 'topk() has no counterpart'],
  ['sum(rate(a[5m])) / sum(rate(b[1m])) > 1', 'both sides of a division must have the same function, window'],
  ['a / on (job) b > 1', '"/ on (job)" has no counterpart'],
  ['x[5m] > 1', 'x has a range and no function for it'],
  ['{job="a"} > 1', 'a rule looks at one metric'],
  ['max_over_time(rate(x[1m])[10m:]) > 1', 'a subquery'],
  ['x % 2 > 0', '"%" with a number has no counterpart'],
])('%s is not brought over, and says why', (text, why) => {
  expect(() => toExpressionRule(text)).toThrow(why)
})
