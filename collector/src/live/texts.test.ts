import { expect, test } from 'vitest'
import { createTexts } from './texts.ts'

test('equal texts have equal numbers, other texts others, and the number tells the text', () => {
  const texts = createTexts()
  const words = ['', 'a', 'b', 'ab', 'ba', '1.4.2', '1.4.3', 'up', 'down', 'ä', '\u{1f30a}']
  const codes = words.map(texts.code)
  expect(new Set(codes).size).toBe(words.length)
  expect(codes.every(Number.isSafeInteger)).toBe(true)
  expect(words.map(texts.code)).toEqual(codes)
  expect(codes.map(texts.of)).toEqual(words)
})

test('of ever new texts only the last ten thousand can be told; the numbers of the others hold', () => {
  const texts = createTexts()
  const first = texts.code('first')
  const codes = new Set(Array.from({ length: 20_000 }, (_, index) => texts.code(`text ${index}`)))
  expect(codes.size).toBe(20_000)
  expect(texts.of(first)).toBeUndefined()
  expect(texts.code('first')).toBe(first)
})
