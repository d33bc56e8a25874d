import { expect, it } from 'vitest'
import { createBodyMemory, keptBytesMax } from './body-memory.ts'

it('gives the memory of a body that came back to the next one that fits', () => {
  const memory = createBodyMemory(keptBytesMax)
  const first = memory.take(300_000) as Buffer
  expect(first).toHaveLength(300_000)
  memory.giveBack(first)
  expect(memory.take(500_000)?.buffer === first.buffer).toBe(true)
})

it('never lends the same memory twice', () => {
  const memory = createBodyMemory(keptBytesMax)
  const first = memory.take(1000) as Buffer
  expect(memory.take(1000)?.buffer === first.buffer).toBe(false)
  memory.giveBack(first)
  memory.giveBack(first)
  const again = [memory.take(1000), memory.take(1000)]
  expect(new Set(again.map((body) => body?.buffer)).size).toBe(2)
})

it('leaves memory alone that is not its own', () => {
  const memory = createBodyMemory(keptBytesMax)
  const other = Buffer.allocUnsafeSlow(65_536)
  memory.giveBack(other)
  expect(memory.take(1000)?.buffer === other.buffer).toBe(false)
})

it('lends no room for a body that is too large, and keeps no more than it may', () => {
  const memory = createBodyMemory(100_000)
  expect(memory.take(5_000_000)).toBeUndefined()
  const [a, b] = [memory.take(10), memory.take(10)] as [Buffer, Buffer]
  memory.giveBack(a)
  memory.giveBack(b)
  expect(memory.take(10)?.buffer === a.buffer).toBe(true)
  expect(memory.take(10)?.buffer === b.buffer).toBe(false)
})
