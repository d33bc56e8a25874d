import type { Clock } from '../../../lib/clock.ts'

/** Calls all who want to be called equally often in one go: a thousand rules cost one timer. */
export function createTicks(clock: Clock) {
  const rounds = new Map<number, { readonly members: Set<() => void>; cancel: () => void }>()

  function begin(everyMs: number) {
    const round = { members: new Set<() => void>(), cancel: () => {} }
    const plan = () => {
      round.cancel = clock.after(everyMs, () => {
        plan()
        for (const call of round.members) call()
      })
    }
    rounds.set(everyMs, round)
    plan()
    return round
  }

  return {
    /** The first call comes with the next one of the others; the returned function ends it. */
    every(everyMs: number, call: () => void): () => void {
      const round = rounds.get(everyMs) ?? begin(everyMs)
      round.members.add(call)
      return () => {
        if (!round.members.delete(call) || round.members.size > 0) return
        round.cancel()
        rounds.delete(everyMs)
      }
    },
  }
}

export type Ticks = ReturnType<typeof createTicks>
