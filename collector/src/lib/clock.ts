/** Time comes in through the door, so that a test can replay a night in a millisecond. */
export type Clock = {
  /** Milliseconds since 1970. */
  now(): number
  /** Milliseconds since some moment that only ever go on, for durations: the machine's time may be set forth and back. */
  monotonic(): number
  /** Calls `run` once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, run: () => void): () => void
}

/** The machine's clock. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, run) {
    if (delayMs <= 0) return soon(run)
    if (delayMs > timerMsMax) return inParts(delayMs, run)
    const timer = setTimeout(run, delayMs)
    timer.unref()
    return () => clearTimeout(timer)
  },
}

/** A timer of Node that is to wait longer fires at once. */
const timerMsMax = 2 ** 31 - 1

function inParts(delayMs: number, run: () => void): () => void {
  let cancel = systemClock.after(timerMsMax, () => {
    cancel = systemClock.after(delayMs - timerMsMax, run)
  })
  return () => cancel()
}

/** When what has arrived meanwhile has been seen to; the shortest timer would wait a millisecond. */
function soon(run: () => void): () => void {
  const immediate = setImmediate(run)
  immediate.unref()
  return () => clearImmediate(immediate)
}

export type FakeClock = Clock & {
  /** Moves time on and runs what falls due, in order of time; awaits what the callbacks started. */
  advance(byMs: number): Promise<void>
  /** Sets the time forth, or back, as an operator or NTP does: no time has passed, and no timer moves. */
  jump(byMs: number): void
}

/** How far the machine's time was set since the last question; adjustments under a second are none. */
export function createJumpWatch(clock: Clock): () => number {
  const offset = () => clock.now() - clock.monotonic()
  let known = offset()
  return () => {
    const jumpMs = offset() - known
    known += jumpMs
    return Math.abs(jumpMs) < smallestJumpMs ? 0 : jumpMs
  }
}

const smallestJumpMs = 1000

/**
 * Times that an earlier process wrote down, on the clock that only ever goes on: as far back as they lay
 * when this one began. What lies in the future was written before the time was set back, and counts as now.
 */
export function createEarlierTimes(clock: Clock): (timeMs: number) => number {
  const [startedMs, monotonicMs] = [clock.now(), clock.monotonic()]
  return (timeMs) => monotonicMs - Math.max(0, startedMs - timeMs)
}

/** A clock for tests: it stands still until it is advanced. */
export function createFakeClock(startMs = Date.UTC(2026, 0, 1)): FakeClock {
  let passedMs = 0
  let setByMs = 0
  let counter = 0
  const waiting = new Map<number, { dueMs: number; run: () => void }>()

  function nextDue(untilMs: number): [number, { dueMs: number; run: () => void }] | undefined {
    return [...waiting].filter(([, timer]) => timer.dueMs <= untilMs).sort((a, b) => a[1].dueMs - b[1].dueMs || a[0] - b[0])[0]
  }

  return {
    // Whole milliseconds, as Date.now() tells them.
    now: () => startMs + Math.floor(passedMs) + setByMs,
    monotonic: () => passedMs,
    jump(byMs) {
      setByMs += byMs
    },
    after(delayMs, run) {
      const id = counter++
      waiting.set(id, { dueMs: passedMs + Math.max(0, delayMs), run })
      return () => waiting.delete(id)
    },
    async advance(byMs) {
      const untilMs = passedMs + byMs
      // What was started before may be about to set its first timer.
      await settle()
      for (let due = nextDue(untilMs); due; due = nextDue(untilMs)) {
        waiting.delete(due[0])
        passedMs = Math.max(passedMs, due[1].dueMs)
        due[1].run()
        await settle()
      }
      passedMs = untilMs
      await settle()
    },
  }
}

/** Lets promises and immediates that are already under way finish. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
}
