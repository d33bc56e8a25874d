import { monitorEventLoopDelay } from 'node:perf_hooks'

export type EventLoopLag = {
  /** How late the event loop was since the last call: 99 of 100 turns were no later. */
  p99Ms(): number
  stop(): void
}

// A finer resolution wakes the process more often: 10 ms cost 0.7 % of a core at rest, 100 ms a third of that.
const resolutionMs = 100

/** Watches how late timers fire. Each reader wants its own watcher, for reading starts it anew. */
export function watchEventLoop(): EventLoopLag {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs })
  histogram.enable()
  return {
    p99Ms() {
      const measuredMs = histogram.count === 0 ? 0 : histogram.percentile(99) / 1e6
      histogram.reset()
      return Math.max(0, measuredMs - resolutionMs)
    },
    stop: () => void histogram.disable(),
  }
}
