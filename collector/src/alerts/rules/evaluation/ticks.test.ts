import { expect, test } from 'vitest'
import { createFakeClock } from '../../../lib/clock.ts'
import { createTicks } from './ticks.ts'

function setup() {
  const clock = createFakeClock()
  const startMs = clock.now()
  const calls: string[] = []
  const ticks = createTicks(clock)
  const every = (everyMs: number, name: string) => ticks.every(everyMs, () => calls.push(`${name} ${(clock.now() - startMs) / 1000}`))
  return { clock, calls, every }
}

test('calls those of one period together, and those of another at their own times', async () => {
  const { clock, calls, every } = setup()
  every(10_000, 'a')
  every(10_000, 'b')
  every(15_000, 'c')
  await clock.advance(20_000)
  expect(calls).toEqual(['a 10', 'b 10', 'c 15', 'a 20', 'b 20'])
})

test('lets one join and leave, also twice, without moving the others', async () => {
  const { clock, calls, every } = setup()
  const end = every(10_000, 'a')
  await clock.advance(4000)
  every(10_000, 'b')
  await clock.advance(6000)
  end()
  end()
  await clock.advance(10_000)
  expect(calls).toEqual(['a 10', 'b 10', 'b 20'])
})

test('begins anew when all have left', async () => {
  const { clock, calls, every } = setup()
  every(10_000, 'a')()
  await clock.advance(4000)
  every(10_000, 'b')
  await clock.advance(20_000)
  expect(calls).toEqual(['b 14', 'b 24'])
})
