import type { TimeRange } from '@grafana/data'

/**
 * The range to draw, in milliseconds.
 *
 * A dashboard that ends "now" was told its range when it last refreshed; live data came later, and
 * what they tell would lie beyond the edge. So the range moves along with them.
 */
export function toDrawnRange({ from, to, raw }: TimeRange, arrivedAt: number): { from: number; to: number } {
  const passedMs = raw.to === 'now' ? Math.max(0, arrivedAt - to.valueOf()) : 0
  return { from: from.valueOf() + passedMs, to: to.valueOf() + passedMs }
}
