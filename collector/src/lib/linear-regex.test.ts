import { expect, test } from 'vitest'
import { parseLinearRegex } from './linear-regex.ts'

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

test.each([
  ['(a)\\1', 'looks around or back'],
  ['(?!web).*', 'looks around or back'],
  ['[[:alpha:]]+', 'write [a-zA-Z]'],
  ['(web', 'cannot be read'],
])('refuses %s with a sentence', (source, why) => {
  expect(parseLinearRegex(source)).toContain(why)
})

test('an expression that would backtrack for ever is answered', () => {
  expect(matches('(a+)+', `${'a'.repeat(50_000)}!`)).toBe(false)
})
