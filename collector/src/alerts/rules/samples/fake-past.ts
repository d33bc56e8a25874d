import type { Tags } from '../../../model/point.ts'
import type { Frame, MetricsQuery, TimeRange } from '../../../model/query.ts'
import type { PastStore } from './past.ts'

export type FakePast = PastStore & { readonly asked: { readonly query: MetricsQuery; readonly range: TimeRange }[]; isDown: boolean }

/** A store for tests: `holds` says what each bucket of each label set holds. */
export function createFakePast(
  labelSets: readonly Tags[],
  holds: (fromMs: number, query: MetricsQuery, tags: Tags) => number | null,
): FakePast {
  const past: FakePast = {
    asked: [],
    isDown: false,
    tags: async () => [...new Set(labelSets.flatMap((tags) => Object.keys(tags)))],
    async query(query, range) {
      if (past.isDown) throw new Error('store is down')
      past.asked.push({ query, range })
      return labelSets.map((labels) => toFrame(labels, query, range, holds))
    },
  }
  return past
}

function toFrame(labels: Tags, query: MetricsQuery, { from, to }: TimeRange, holds: Parameters<typeof createFakePast>[1]): Frame {
  const everyMs = query.everyMs ?? to - from
  const times: number[] = []
  const values: number[] = []
  for (let atMs = from; atMs < to; atMs += everyMs) {
    const value = holds(atMs, query, labels)
    if (value === null) continue
    times.push(atMs)
    values.push(value)
  }
  const fields = [
    { name: 'time', type: 'time' as const, values: times },
    { name: query.fields[0] ?? '', type: 'number' as const, values },
  ]
  return { name: query.measurement, labels, fields: times.length > 0 ? fields : fields.map((field) => ({ ...field, values: [] })) }
}
