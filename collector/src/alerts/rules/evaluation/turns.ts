import type { Clock } from '../../../lib/clock.ts'
import type { Why } from './feed.ts'

type Taker = { evaluateNow(why: Why): void }

/** How long rules are evaluated before requests get their turn. */
const sliceMs = 8

const rank: Readonly<Record<Why, number>> = { fresh: 0, clock: 1, all: 2 }

/**
 * Evaluates rules one after the other, soon but never in the midst of what woke them, and lets other
 * work in between: ten thousand series may move at once. What one turn brings is made known together.
 */
export function createTurns(clock: Clock, together: (work: () => void) => void) {
  const waiting = new Map<Taker, Why>()
  let isPlanned = false

  function plan(): void {
    if (isPlanned || waiting.size === 0) return
    isPlanned = true
    clock.after(0, () => {
      isPlanned = false
      together(takeSome)
      plan()
    })
  }

  function takeSome(): void {
    const untilMs = clock.monotonic() + sliceMs
    for (const [taker, why] of waiting) {
      waiting.delete(taker)
      taker.evaluateNow(why)
      if (clock.monotonic() >= untilMs) break
    }
  }

  return {
    take(taker: Taker, why: Why): void {
      const before = waiting.get(taker)
      if (before === undefined || rank[why] > rank[before]) waiting.set(taker, why)
      plan()
    },
  }
}

export type Turns = ReturnType<typeof createTurns>
