import type { Tags } from '../../model/point.ts'
import type { SampleSelector, SampleSeries, Samples } from './samples.ts'

type Kept = {
  readonly measurement: string
  readonly field: string
  readonly tags: Tags
  readonly times: number[]
  readonly values: number[]
}

/** Samples for tests: keeps all, and matches equality filters only. */
export function createFakeSamples() {
  const all: Kept[] = []
  const watchers = new Set<{ selector: SampleSelector; onFresh: () => void }>()

  function find(measurement: string, field: string, tags: Tags): Kept {
    const wanted = JSON.stringify(tags)
    const found = all.find((kept) => kept.measurement === measurement && kept.field === field && JSON.stringify(kept.tags) === wanted)
    if (found) return found
    const fresh = { measurement, field, tags, times: [], values: [] }
    all.push(fresh)
    return fresh
  }

  const isMatch = ({ measurement, field, where }: SampleSelector, kept: Kept) =>
    kept.measurement === measurement && kept.field === field && where.every(({ tag, value }) => (kept.tags[tag] ?? '') === value)

  const samples: Samples = {
    watch(selector, _keepMs, onFresh) {
      const watcher = { selector, onFresh }
      watchers.add(watcher)
      return {
        series: (fromMs, toMs) => all.filter((kept) => isMatch(selector, kept)).flatMap((kept) => cut(kept, fromMs, toMs)),
        seed(series) {
          for (const { tags, times, values } of series) {
            const kept = find(selector.measurement, selector.field, tags)
            kept.times.unshift(...times)
            kept.values.unshift(...values)
          }
        },
        close: () => watchers.delete(watcher),
      }
    },
  }

  return {
    samples,
    /** One batch with one sample. */
    push(measurement: string, field: string, tags: Tags, timeMs: number, value: number): void {
      const kept = find(measurement, field, tags)
      kept.times.push(timeMs)
      kept.values.push(value)
      for (const { selector, onFresh } of watchers) if (isMatch(selector, kept)) onFresh()
    },
  }
}

function cut({ tags, times, values }: Kept, fromMs: number, toMs: number): SampleSeries[] {
  const inside = times.flatMap((timeMs, index) => (timeMs >= fromMs && timeMs <= toMs ? [index] : []))
  if (inside.length === 0) return []
  return [{ tags, times: inside.map((index) => times[index] ?? 0), values: inside.map((index) => values[index] ?? 0) }]
}
