import { expect, test } from 'vitest'
import { alternativesOf } from './alternatives.ts'

test.each([
  ['web-1', ['web-1']],
  ['a|b|a', ['a', 'b']],
  ['(a|b)', ['a', 'b']],
  ['(?:a|b)', ['a', 'b']],
  ['web-1\\.example|10\\.0\\.0\\.1', ['web-1.example', '10.0.0.1']],
  ['a\\|b|c', ['a|b', 'c']],
  ['a|', ['a', '']],
  ['', ['']],
])('the expression %s names its texts', (source, texts) => {
  expect(alternativesOf(source)).toEqual(texts)
})

test.each([
  'a.b',
  'a*',
  '[ab]',
  '\\d',
  'a\\',
  '(?i)a|b',
  '(a|b)c',
  '(a)|(b)',
  '^a$',
  Array.from({ length: 51 }, (_, index) => index).join('|'),
])('the expression %s takes more than can be told', (source) => {
  expect(alternativesOf(source)).toBeNull()
})
