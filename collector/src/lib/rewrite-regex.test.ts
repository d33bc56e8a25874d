import { expect, test } from 'vitest'
import { rewriteRegex } from './rewrite-regex.ts'

test.each([
  ['[0-9a-f]{32}', ['0'.repeat(32), 'deadbeef'.repeat(4)], ['0'.repeat(31), '0'.repeat(33)]],
  ['a{2,3}?b', ['aab', 'aaab'], ['ab', 'aaaab']],
  ['a{2,}', ['aa', 'aaaaaaaa'], ['a', '']],
  ['(?:\\d{1,3}\\.){3}\\d{1,3}', ['10.0.0.1', '192.168.100.200'], ['10.0.0', '10.0.0.1.1']],
  ['\\.{2}\\{', ['..{'], ['.{']],
  ['x{0}y', ['y'], ['xy']],
])('%s says the same when counted repetitions are written out', (source, taken, refused) => {
  const [plain, written] = [source, rewriteRegex(source, false)].map((one) => new RegExp(`^(?:${one})$`, 's'))
  for (const text of taken) expect([text, plain?.test(text), written?.test(text)]).toEqual([text, true, true])
  for (const text of refused) expect([text, plain?.test(text), written?.test(text)]).toEqual([text, false, false])
})

test.each(['web-[a-f]\\d', '[^x-z]+', 'Käse|ÄRGER', '(?<kind>db)\\w', '[A-z]', '[X-_]', '\\x41\\n', '[a-]', '[\\]a]', '[+-b]{2}'])(
  '%s takes both cases as with the flag i',
  (source) => {
    const [wanted, written] = [new RegExp(`^(?:${source})$`, 'is'), new RegExp(`^(?:${rewriteRegex(source, true)})$`, 's')]
    const texts = [
      'web-a1',
      'WEB-F9',
      'web-g1',
      'x',
      'X',
      'w',
      'W',
      'käse',
      'KÄSE',
      'Ärger',
      'dbA',
      'DB_',
      'Db9',
      '-',
      'b',
      'B',
      ']',
      '_',
      '^',
      '+B',
      'bb',
    ]
    const told = (expression: RegExp) => texts.filter((text) => expression.test(text))
    expect(told(written)).toEqual(told(wanted))
  },
)

test('a thousand repetitions are the most', () => {
  expect(() => rewriteRegex('a{1001}', false)).toThrow('{1001} repeats more than 1000 times')
})
