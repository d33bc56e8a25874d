import type { FakeClock } from '../../lib/clock.ts'

/** Lets time go on until something is done. */
export async function passing<Result>(clock: FakeClock, work: Promise<Result>): Promise<Result> {
  let isDone = false
  const done = () => {
    isDone = true
  }
  work.then(done, done)
  while (!isDone) await clock.advance(100)
  return work
}
