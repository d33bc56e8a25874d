import { expect, test } from 'vitest'
import { counted } from './words.ts'

test.each([
  [0, 'receiver', undefined, '0 receivers'],
  [1, 'receiver', undefined, '1 receiver'],
  [2, 'batch', 'batches', '2 batches'],
  [1, 'batch', 'batches', '1 batch'],
  [0.5, 'sample', undefined, '0.5 samples'],
])('%d %s is told as it is spoken', (count, noun, several, expected) => {
  expect(counted(count, noun, several)).toBe(expected)
})
