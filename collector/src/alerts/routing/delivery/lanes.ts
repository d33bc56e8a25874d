type Work = () => Promise<void>

/** Runs at most `width` pieces of work at once in each lane; the others wait their turn, and those that are urgent go before the rest. */
export function createLanes(width: number) {
  const running = new Map<string, number>()
  const waiting = new Map<string, { readonly urgent: Work[]; readonly rest: Work[] }>()
  const underWay = new Set<Promise<void>>()

  function begin(lane: string, work: Work): void {
    running.set(lane, (running.get(lane) ?? 0) + 1)
    const piece = work().finally(() => {
      underWay.delete(piece)
      running.set(lane, (running.get(lane) ?? 1) - 1)
      const queue = waiting.get(lane)
      const next = queue?.urgent.shift() ?? queue?.rest.shift()
      if (next) begin(lane, next)
    })
    underWay.add(piece)
  }

  function queueOf(lane: string) {
    const queue = waiting.get(lane) ?? { urgent: [], rest: [] }
    waiting.set(lane, queue)
    return queue
  }

  return {
    run(lane: string, work: Work, isUrgent = false): void {
      if ((running.get(lane) ?? 0) < width) begin(lane, work)
      else queueOf(lane)[isUrgent ? 'urgent' : 'rest'].push(work)
    },
    /** Resolves when no work is under way. */
    async idle(): Promise<void> {
      while (underWay.size > 0) await Promise.allSettled(underWay)
    },
  }
}
