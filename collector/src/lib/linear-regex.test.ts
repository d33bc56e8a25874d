import { expect, test } from 'vitest'
import { parseLinearRegex, parseLinearSearch } from './linear-regex.ts'

const matches = (source: string, text: string): boolean => {
  const expression = parseLinearRegex(source)
  if (typeof expression === 'string') throw new Error(expression)
  return expression.test(text)
}

test('an expression must match the whole text, lines and all', () => {
  expect(matches('web|db', 'db')).toBe(true)
  expect(matches('web|db', 'db-1')).toBe(false)
  expect(matches('web.*', 'web\n1')).toBe(true)
})

test('reads what RE2 writes differently', () => {
  expect(matches('(?i)WEB-\\d+', 'web-12')).toBe(true)
  expect(matches('(?P<kind>web)-1', 'web-1')).toBe(true)
})

test('takes escapes of what is special, and of what is not', () => {
  expect(matches('\\\\A\\-\\.\\x41\\t', '\\A-.A\t')).toBe(true)
})

test.each([
  ['(a)\\1', 'looks around or back'],
  ['(?!web).*', 'looks around or back'],
  ['[[:alpha:]]+', 'write [a-zA-Z]'],
  ['\\Aweb\\z', '"\\A" is not understood'],
  ['web-\\p{L}+', '"\\p" is not understood'],
  ['\\\\\\x{41}', '"\\x" is not understood'],
  ['(web', 'cannot be read'],
  ['a{2000}', 'repeats more than 1000 times'],
  ['(?i:(a+)+)b', 'too much time'],
  ['((a{1,9}){1,9}){1,9}b', 'too much time'],
])('refuses %s with a sentence', (source, why) => {
  expect(parseLinearRegex(source)).toContain(why)
})

test.each(['(a+)+', '(?i)(a+)+', '(?is)(A+)+', '(a{1,30})+', '([a-z]+)*\\d{20}', 'a*a*a*a*a*a*b{40}'])(
  '%s would backtrack for ever, and is answered',
  (source) => {
    expect(matches(source, `${'a'.repeat(2000)}!`)).toBe(false)
  },
)

test('what must match somewhere is answered, too', () => {
  const expression = parseLinearSearch('(?i)(a+)+B') as RegExp
  expect([expression.test('x aab y'), expression.test(`${'a'.repeat(2000)}!`)]).toEqual([true, false])
})
