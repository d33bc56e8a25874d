import type { Buckets } from './plan.ts'
import { toMs } from './raw-frames.ts'

/** What a counter of one series did in one bucket. */
export type CounterStep = { increase: number; seconds: number }

/**
 * Adds up a counter's growth, sample by sample in the order of time.
 *
 * The growth between two samples belongs to the bucket of the later one. A value below its
 * predecessor means the counter began anew at zero, so all of it is growth. The first sample of the
 * range has no predecessor and gives nothing. A rate divides by the time the samples span, not by
 * the bucket's width: buckets narrower than the samples' distance then show the true rate.
 */
export function createCounter({ startMs, everyMs }: Buckets) {
  const steps = new Map<number, CounterStep>()
  let before: { timeNs: bigint; value: number } | undefined

  return {
    steps,
    add(timeNs: bigint, value: number) {
      if (before) {
        const bucket = Math.floor((toMs(timeNs) - startMs) / everyMs)
        const step = steps.get(bucket) ?? { increase: 0, seconds: 0 }
        step.increase += value >= before.value ? value - before.value : value
        step.seconds += Number(timeNs - before.timeNs) / 1e9
        steps.set(bucket, step)
      }
      before = { timeNs, value }
    },
  }
}

/** The counters of a group's series are added: a group's rate is the sum of its series' rates. */
export function createCounterSums(aggregate: 'rate' | 'increase') {
  const totals = new Map<number, number>()
  return {
    totals,
    add(steps: ReadonlyMap<number, CounterStep>) {
      for (const [bucket, { increase, seconds }] of steps) {
        totals.set(bucket, (totals.get(bucket) ?? 0) + (aggregate === 'rate' ? increase / seconds : increase))
      }
    },
  }
}
