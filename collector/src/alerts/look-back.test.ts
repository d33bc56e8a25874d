import { expect, test } from 'vitest'
import { createFakeClock } from '../lib/clock.ts'
import { createLookBack } from './look-back.ts'

function setup() {
  const clock = createFakeClock()
  const looked: string[] = []
  const { plan, stop } = createLookBack(clock)
  return { clock, looked, stop, plan: (name: string) => plan(() => looked.push(`${name} ${clock.monotonic()}`)) }
}

test('begins for all when no alert has come for a second', async () => {
  const { clock, looked, plan } = setup()
  plan('a')
  await clock.advance(900)
  plan('b')
  await clock.advance(999)
  expect(looked).toEqual([])
  await clock.advance(1)
  expect(looked).toEqual(['a 1900', 'b 1900'])
})

test('begins after five seconds in a storm that does not end, and waits anew for those who come after', async () => {
  const { clock, looked, plan } = setup()
  for (let second = 0; second < 11; second++) {
    plan(`${second}`)
    await clock.advance(500)
  }
  expect(looked).toHaveLength(10)
  expect(looked.at(-1)).toBe('9 5000')
  await clock.advance(500)
  expect(looked.at(-1)).toBe('10 6000')
})

test('begins no more once it is stopped', async () => {
  const { clock, looked, plan, stop } = setup()
  plan('a')
  stop()
  await clock.advance(10_000)
  expect(looked).toEqual([])
})
