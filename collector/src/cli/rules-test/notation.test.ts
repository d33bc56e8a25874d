import { expect, test } from 'vitest'
import { NotationProblem, parseSeries, parseValues } from './notation.ts'

test.each([
  ['1 2 3', [1, 2, 3]],
  ['0+10x3', [0, 10, 20, 30]],
  ['5-2x2', [5, 3, 1]],
  ['-2+4x2', [-2, 2, 6]],
  ['7x2', [7, 7, 7]],
  ['1 _ 2', [1, 'missing', 2]],
  ['_x3', ['missing', 'missing', 'missing']],
  ['1 stale', [1, 'stale']],
  ['1.5e2 Inf NaN', [150, Number.POSITIVE_INFINITY, Number.NaN]],
  ['', []],
])('%s are the values %j', (text, expected) => {
  expect(parseValues(text)).toEqual(expected)
})

test.each(['one', '1+x3', '1+2', '_y', '1x9999999999'])('%s is refused', (text) => {
  expect(() => parseValues(text)).toThrow(NotationProblem)
})

test.each([
  ['up', { measurement: 'up', field: 'value', tags: {} }],
  ['up{job="a", path="C:\\\\x", empty=""}', { measurement: 'up', field: 'value', tags: { job: 'a', path: 'C:\\x' } }],
  ['cpu.usage_idle{host="a"}', { measurement: 'cpu', field: 'usage_idle', tags: { host: 'a' } }],
])('%s is a series', (text, expected) => {
  expect(parseSeries(text)).toEqual(expected)
})

test.each(['up{job=a}', 'up{', '{job="a"}', 'up{job="a" host="b"}'])('%s is no series', (text) => {
  expect(() => parseSeries(text)).toThrow(NotationProblem)
})
