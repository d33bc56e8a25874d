import type { FakeClock } from '../../lib/clock.ts'

let requestsUnderWay = 0

/**
 * The real fetch, which `passing` waits for: the net takes its own time, however busy the machine is, and a notifier's
 * patience must not end meanwhile. What comes is read to its end here, since that takes time, too.
 */
export const awaitedFetch: typeof fetch = async (...asked) => {
  requestsUnderWay++
  try {
    const answer = await fetch(...asked)
    const body = await answer.arrayBuffer()
    return new Response(body.byteLength > 0 ? body : null, answer)
  } finally {
    requestsUnderWay--
  }
}

/** Lets time go on until something is done, but not while the net is busy with it. */
export async function passing<Result>(clock: FakeClock, work: Promise<Result>): Promise<Result> {
  let isDone = false
  const done = () => {
    isDone = true
  }
  work.then(done, done)
  while (!isDone) {
    if (requestsUnderWay === 0) await clock.advance(100)
    else await new Promise((resolve) => setImmediate(resolve))
  }
  return work
}
