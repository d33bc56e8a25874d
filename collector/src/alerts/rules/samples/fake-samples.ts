import type { Tags } from '../../../model/point.ts'
import type { SampleSelector, Samples, TrackedSeries } from './samples.ts'

type Kept = TrackedSeries & { readonly measurement: string; readonly times: number[]; readonly values: number[] }
type Watcher = { readonly selector: SampleSelector; readonly onFresh: () => void; readonly fresh: Set<Kept> }

/** Samples for tests: keeps all, and matches equality filters only. */
export function createFakeSamples() {
  const all: Kept[] = []
  const watchers = new Set<Watcher>()

  function find(measurement: string, field: string, tags: Tags): Kept {
    const wanted = JSON.stringify(tags)
    const found = all.find((kept) => kept.measurement === measurement && kept.field === field && JSON.stringify(kept.tags) === wanted)
    if (found) return found
    const fresh = createKept(measurement, field, tags)
    all.push(fresh)
    return fresh
  }

  const samples: Samples = {
    watch(selector, _keepMs, onFresh) {
      const watcher = { selector, onFresh, fresh: new Set(all.filter((kept) => isMatch(selector, kept))) }
      watchers.add(watcher)
      return {
        takeFresh() {
          const taken = [...watcher.fresh]
          watcher.fresh.clear()
          return taken
        },
        // Tells of every sample, which it may.
        expect() {},
        seed(series) {
          for (const { tags, field, times, values } of series) {
            const kept = find(selector.measurement, field, tags)
            kept.times.unshift(...Array.from(times))
            kept.values.unshift(...Array.from(values, Number))
            watcher.fresh.add(kept)
          }
        },
        unwantedText: () => undefined,
        close: () => watchers.delete(watcher),
      }
    },
  }

  return {
    samples,
    /** One batch with one sample. */
    push(measurement: string, field: string, tags: Tags, timeMs: number, value: number): void {
      const kept = find(measurement, field, tags)
      const at = kept.times.filter((other) => other <= timeMs).length
      kept.times.splice(at, 0, timeMs)
      kept.values.splice(at, 0, value)
      for (const watcher of watchers) {
        if (!isMatch(watcher.selector, kept)) continue
        watcher.fresh.add(kept)
        watcher.onFresh()
      }
    },
  }
}

function isMatch({ measurement, field, where }: SampleSelector, kept: Kept): boolean {
  const isField = typeof field === 'string' ? kept.field === field : field.test(kept.field)
  return kept.measurement === measurement && isField && where.every(({ tag, value }) => (kept.tags[tag] ?? '') === value)
}

function createKept(measurement: string, field: string, tags: Tags): Kept {
  const [times, values]: [number[], number[]] = [[], []]
  return {
    ...{ measurement, field, tags, times, values },
    between(fromMs, toMs) {
      const start = times.filter((timeMs) => timeMs < fromMs).length
      return { tags, field, times, values, start, end: Math.max(start, times.filter((timeMs) => timeMs <= toMs).length) }
    },
    isGone: () => false,
  }
}
