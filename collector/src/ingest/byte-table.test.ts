import { expect, it } from 'vitest'
import { fc } from '../lib/fake-chance.ts'
import { addBytes, createByteTable, findBytes, hashBytes } from './byte-table.ts'

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text))

function numberOf(table: ReturnType<typeof createByteTable>, bytes: Uint8Array): number {
  const hash = hashBytes(bytes, 0, bytes.length)
  const known = findBytes(table, bytes, 0, bytes.length, hash)
  return known >= 0 ? known : addBytes(table, bytes, 0, bytes.length, hash)
}

it('numbers byte strings as a map of texts would', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 6 })), (texts) => {
      const table = createByteTable()
      const map = new Map<string, number>()
      for (const text of texts) {
        if (!map.has(text)) map.set(text, map.size)
        expect(numberOf(table, bytesOf(text))).toBe(map.get(text))
      }
    }),
  )
})

it('finds everything again after growing', () => {
  const table = createByteTable()
  const texts = Array.from({ length: 10_000 }, (_, index) => `cpu,host=server-${index}`)
  for (const text of texts) numberOf(table, bytesOf(text))
  expect(texts.map((text) => numberOf(table, bytesOf(text)))).toEqual(texts.map((_, index) => index))
})

it('tells apart what has the same hash', () => {
  const table = createByteTable()
  const [a, b] = [bytesOf('aaaa'), bytesOf('bbbb')]
  addBytes(table, a, 0, 4, 7)
  addBytes(table, b, 0, 4, 7)
  expect([findBytes(table, a, 0, 4, 7), findBytes(table, b, 0, 4, 7), findBytes(table, bytesOf('cccc'), 0, 4, 7)]).toEqual([0, 1, -1])
})
