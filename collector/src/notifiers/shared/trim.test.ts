import { expect, test } from 'vitest'
import { fitLines, trim, trimFact } from './trim.ts'

test.each([
  ['a short text stays', 'abc', 3, 'abc'],
  ['a long one ends in an ellipsis', 'abcdef', 4, 'abc…'],
  ['a family is not torn apart', 'ab👨‍👩‍👧‍👦cd', 8, 'ab…'],
  ['a flag is not halved', 'ab🇸🇪cd', 5, 'ab…'],
  ['a letter keeps its accent', 'cafe\u0301 au lait', 5, 'caf…'],
  ['half of a pair never stays', '😀😀', 2, '…'],
])('%s', (_, text, lengthMax, expected) => {
  expect(trim(text, lengthMax)).toBe(expected)
  expect(trim(text, lengthMax).length).toBeLessThanOrEqual(lengthMax)
})

test('who piles up a thousand accents has them cut, and the text before stays', () => {
  const text = `${'a'.repeat(100)}e${'\u0301'.repeat(1000)}`
  expect(trim(text, 400)).toMatch(/^a{100}/)
  expect(trim(text, 400).length).toBeLessThanOrEqual(400)
})

test('a text of any length is cut in the time of its beginning', () => {
  const long = 'x'.repeat(10_000_000)
  for (let round = 0; round < 1000; round++) trim(long, 500)
})

test('of lines that do not fit the first and the links stay, and no line is cut', () => {
  const links = ['<https://a.example|Runbook>', '<https://b.example|Panel>']
  const facts = ['first fact', 'second fact', 'third fact']
  expect(fitLines('head', facts, links, 1000)).toBe(['head', ...facts, ...links].join('\n'))
  const cut = fitLines('head', facts, links, 'head'.length + links.join('\n').length + 1 + '\nfirst fact'.length + 2)
  expect(cut).toBe(['head', 'first fact', '…', ...links].join('\n'))
  expect(fitLines('head', facts, ['x'.repeat(200)], 40)).toBe(['head', ...facts].join('\n'))
})

test('a command is told whole or not at all', () => {
  expect(trimFact({ name: 'Roll back with', text: 'deploy shop 1.4.1', isCommand: true }, 20).text).toBe('deploy shop 1.4.1')
  expect(trimFact({ name: 'Roll back with', text: 'deploy shop 1.4.1', isCommand: true }, 10).text).not.toContain('deploy')
  expect(trimFact({ name: 'Details', text: 'a long story' }, 5).text).toBe('a lo…')
})
