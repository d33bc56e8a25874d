import { expect, test } from 'vitest'
import { createFakeClock } from '../../lib/clock.ts'
import { createTurns } from './turns.ts'

test('callers pass one after the other, and a pause counts', async () => {
  const clock = createFakeClock()
  const turn = createTurns(clock, 1000)
  const passed: string[] = []
  const { signal } = new AbortController()
  const pass = (name: string) => turn(signal).then(() => void passed.push(`${name} ${clock.monotonic()}`))
  const all = ['a', 'b', 'c'].map(pass)
  await clock.advance(5000)
  await Promise.all(all)
  await pass('d')
  expect(passed).toEqual(['a 0', 'b 1000', 'c 2000', 'd 5000'])
})

test('whoever is stopped waits no longer', async () => {
  const turn = createTurns(createFakeClock(), 1000)
  const stopping = new AbortController()
  await turn(stopping.signal)
  const waiting = turn(stopping.signal)
  stopping.abort()
  await waiting
  await turn(stopping.signal)
})
