import { expect, test } from 'vitest'
import { createReplayClock } from './replay-clock.ts'

test('what falls due runs at its own time, in order, also what is set on the way', async () => {
  const ran: string[] = []
  const clock = createReplayClock(1000, () => 0)
  const note = (name: string) => () => ran.push(`${name} ${clock.now()} ${clock.monotonic()}`)
  clock.after(30, note('late'))
  clock.after(10, note('first'))
  clock.after(10, () => clock.after(0, note('nested')))
  clock.after(20, note('cancelled'))()
  clock.after(500, note('beyond'))
  await clock.to(1100)
  expect(ran).toEqual(['first 1010 10', 'nested 1010 10', 'late 1030 30'])
  expect(clock.now()).toBe(1100)
})

test('time waits for questions that are under way', async () => {
  let pending = 0
  let answeredAt = 0
  const clock = createReplayClock(0, () => pending)
  clock.after(10, () => {
    pending++
    setTimeout(() => {
      answeredAt = clock.now()
      pending--
    }, 5)
  })
  clock.after(20, () => {})
  await clock.to(30)
  expect(answeredAt).toBe(10)
})

test('time stands still once whoever asked has left, and what falls due after does not run', async () => {
  const asker = new AbortController()
  const ran: string[] = []
  const clock = createReplayClock(0, () => 0, asker.signal)
  clock.after(10, () => {
    ran.push('first')
    asker.abort()
  })
  clock.after(20, () => ran.push('second'))
  await expect(clock.to(30)).rejects.toMatchObject({ code: 'QUERY_CANCELLED' })
  expect([ran, clock.now()]).toEqual([['first'], 10])
})

test('what falls due at the very end still runs, and time never goes back', async () => {
  const ran: number[] = []
  const clock = createReplayClock(0, () => 0)
  clock.after(30, () => ran.push(clock.now()))
  clock.after(-5, () => ran.push(clock.now()))
  await clock.to(30)
  await clock.to(20)
  expect([ran, clock.now()]).toEqual([[0, 30], 30])
})
