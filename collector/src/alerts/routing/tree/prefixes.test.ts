import { expect, test } from 'vitest'
import { prefixesOf } from './prefixes.ts'

test.each([
  ['web-.*', ['web-']],
  ['web-1|web-1-(a|b)', ['web-1', 'web-1-']],
  ['a.*|bc?', ['a', 'b']],
  ['ab+', ['ab']],
  ['ab{0,2}c', ['a']],
  ['web-[|)]|x(y|[)|]z)', ['web-', 'x']],
  ['web\\.de', ['web']],
  ['web-(?:a|b)', ['web-']],
])('what %s takes begins with one of %j', (source, prefixes) => {
  expect(prefixesOf(source)).toEqual(prefixes)
})

test.each([
  '.*web',
  'a?',
  'a*b',
  'web|',
  '',
  '(a|b)',
  '(?i)web',
  '[ab]c',
  'a|.b',
  '\\d+',
  '^a',
  Array.from({ length: 51 }, (_, at) => `${at}`).join('|'),
])('what %s takes may begin with anything', (source) => {
  expect(prefixesOf(source)).toBeNull()
})
