import { expect, test } from 'vitest'
import { createFakeClock } from '../../lib/clock.ts'
import { createLookBack } from './look-back.ts'

function setup() {
  const clock = createFakeClock()
  const looked: string[] = []
  const { plan, stop } = createLookBack(clock)
  return { clock, looked, stop, plan: (name: string) => plan(() => looked.push(`${name} ${clock.monotonic()}`)) }
}

test('begins when no alert has come for a second, and takes one after the other', async () => {
  const { clock, looked, plan } = setup()
  plan('a')
  await clock.advance(900)
  plan('b')
  plan('c')
  await clock.advance(999)
  expect(looked).toEqual([])
  await clock.advance(300)
  expect(looked).toEqual(['a 1900', 'b 2000', 'c 2100'])
})

test('waits again when another alert comes', async () => {
  const { clock, looked, plan } = setup()
  plan('a')
  plan('b')
  await clock.advance(1050)
  plan('c')
  await clock.advance(2000)
  expect(looked).toEqual(['a 1000', 'b 2050', 'c 2150'])
})

test('begins after five seconds in a storm that does not end', async () => {
  const { clock, looked, plan } = setup()
  for (let count = 0; count < 12; count++) {
    plan(`${count}`)
    await clock.advance(500)
  }
  expect(looked).toEqual(['0 5000', '1 5500', '2 6000'])
})

test('keeps a thousand that wait, and begins no more once it is stopped', async () => {
  const { clock, looked, plan, stop } = setup()
  for (let count = 0; count < 1001; count++) plan(`${count}`)
  await clock.advance(1000 + 500 * 100)
  expect(looked).toHaveLength(501)
  await clock.advance(1000 * 100)
  expect(looked).toHaveLength(1000)
  plan('last')
  stop()
  await clock.advance(10_000)
  expect(looked).toHaveLength(1000)
})
