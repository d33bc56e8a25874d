import type { Point, SeriesName } from '../../model/point.ts'

export type SeriesChange = {
  /** Samples whose series were not on the page before. */
  readonly added: number
  readonly ended: readonly SeriesName[]
}

/** Remembers which series a target showed last. */
export type KnownSeries = {
  /** `weights` count the samples of each point. */
  replace(points: readonly Point[], weights: readonly number[]): SeriesChange
  /** All end, for the target shows nothing any more. */
  clear(): readonly SeriesName[]
}

export function createKnownSeries(): KnownSeries {
  let known = new Map<string, SeriesName>()
  return {
    replace(points, weights) {
      const shown = new Map<string, SeriesName>()
      let added = 0
      points.forEach((point, index) => {
        const key = keyOf(point)
        if (!known.has(key) && !shown.has(key)) added += weights[index] ?? 1
        // A page that gives times says itself how old its samples are: their series do not end with it.
        if (point.timeNs === undefined) shown.set(key, point)
      })
      const ended = [...known].flatMap(([key, series]) => (shown.has(key) ? [] : [series]))
      known = shown
      return { added, ended }
    },
    clear() {
      const ended = [...known.values()]
      known = new Map()
      return ended
    },
  }
}

function keyOf({ measurement, tags }: Point): string {
  let key = measurement
  for (const name of Object.keys(tags).sort()) key += `\u0000${name}\u0001${tags[name]}`
  return key
}
