/** Runs at most `width` pieces of work at once in each lane; the others wait their turn. */
export function createLanes(width: number) {
  const running = new Map<string, number>()
  const waiting = new Map<string, (() => Promise<void>)[]>()
  const underWay = new Set<Promise<void>>()

  function begin(lane: string, work: () => Promise<void>): void {
    running.set(lane, (running.get(lane) ?? 0) + 1)
    const piece = work().finally(() => {
      underWay.delete(piece)
      running.set(lane, (running.get(lane) ?? 1) - 1)
      const next = waiting.get(lane)?.shift()
      if (next) begin(lane, next)
    })
    underWay.add(piece)
  }

  return {
    run(lane: string, work: () => Promise<void>): void {
      const queue = waiting.get(lane)
      if ((running.get(lane) ?? 0) < width) begin(lane, work)
      else if (queue) queue.push(work)
      else waiting.set(lane, [work])
    },
    /** Resolves when no work is under way. */
    async idle(): Promise<void> {
      while (underWay.size > 0) await Promise.allSettled(underWay)
    },
  }
}
