import { expect, it } from 'vitest'
import { createFakeClock } from '../../../lib/clock.ts'
import { createBurst } from './burst.ts'

function setup() {
  const clock = createFakeClock()
  const burst = createBurst(clock)
  const round = async (valuesPerSecond: number): Promise<boolean> => {
    burst.note(valuesPerSecond * 15)
    await clock.advance(15_000)
    return burst.shouldWait()
  }
  return { round }
}

it('lets work wait while much is written, and no longer', async () => {
  const { round } = setup()
  expect([await round(100_000), await round(2_000_000), await round(2_000_000), await round(100_000)]).toEqual([false, true, true, false])
})

it('puts nothing off for more than five minutes', async () => {
  const { round } = setup()
  const waits: boolean[] = []
  for (let count = 0; count < 41; count++) waits.push(await round(2_000_000))
  expect(waits.flatMap((waited, index) => (waited ? [] : [index]))).toEqual([19, 39])
})
