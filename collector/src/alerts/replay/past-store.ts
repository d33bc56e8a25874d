import type { TimeRange } from '../../model/query.ts'
import type { Store } from '../../model/store.ts'

export type PastStore = Pick<Store, 'query' | 'tags' | 'fields' | 'measurements'>

/** The store as it was at the time of a clock: it knows nothing of what came later, and counts the questions under way. */
export function createPastStore(store: PastStore, nowMs: () => number) {
  let pending = 0

  async function counted<Value>(answer: Promise<Value>): Promise<Value> {
    pending++
    try {
      return await answer
    } finally {
      pending--
    }
  }

  const past: PastStore = {
    query(query, { from, to }: TimeRange, signal) {
      const untilMs = Math.min(to, nowMs() + 1)
      return from >= untilMs ? Promise.resolve([]) : counted(store.query(query, { from, to: untilMs }, signal))
    },
    tags: (measurement, signal) => counted(store.tags(measurement, signal)),
    fields: (measurement, signal) => counted(store.fields(measurement, signal)),
    measurements: (signal) => counted(store.measurements(signal)),
  }
  return { store: past, pending: (): number => pending }
}
