import type { Clock } from '../../lib/clock.ts'

/** A budget that fills at a steady rate up to its size. */
export type Bucket = {
  /** How long until something may be taken; 0 means now. */
  waitMs(): number
  /** Takes any amount, also more than there is: what is missing has to be filled first. */
  take(amount: number): void
}

/** So short that a sender with one batch a second never notices it, so long that nobody asks in a spin. */
const waitMsMin = 1000

export function createBucket({ perSecond, burstMs, clock }: { perSecond: number; burstMs: number; clock: Clock }): Bucket {
  const size = (perSecond * burstMs) / 1000
  let level = size
  let filledMs = clock.now()

  function fill(): void {
    const nowMs = clock.now()
    level = Math.min(size, level + (Math.max(0, nowMs - filledMs) * perSecond) / 1000)
    filledMs = nowMs
  }

  return {
    waitMs() {
      fill()
      return level > 0 ? 0 : Math.max(waitMsMin, Math.ceil((-level * 1000) / perSecond))
    },
    take(amount) {
      fill()
      level -= amount
    },
  }
}
