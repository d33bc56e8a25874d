/**
 * The recent samples of one series in order of time, bounded in age and number.
 *
 * The samples lie in `times[start, end)`. New ones are put behind; when there is no room left, the
 * rest moves to the front.
 */
export type Timeline = {
  times: Float64Array
  values: Float64Array
  start: number
  end: number
}

const capacityFirst = 16

export const createTimeline = (): Timeline => ({
  times: new Float64Array(capacityFirst),
  values: new Float64Array(capacityFirst),
  start: 0,
  end: 0,
})

/** Puts a sample in its place; one of the same time takes the new value. The oldest goes when there are over `samplesMax`. */
export function addSample(timeline: Timeline, timeMs: number, value: number, samplesMax: number): void {
  const { start, end } = timeline
  if (end === start || timeMs > (timeline.times[end - 1] as number)) {
    insertAt(timeline, end, timeMs, value)
  } else {
    const at = firstAtOrAfter(timeline, timeMs)
    if (timeline.times[at] === timeMs) timeline.values[at] = value
    else insertAt(timeline, at, timeMs, value)
  }
  if (timeline.end - timeline.start > samplesMax) timeline.start++
}

/** Whether a sample has exactly this time. */
export function hasSampleAt(timeline: Timeline, timeMs: number): boolean {
  const at = firstAtOrAfter(timeline, timeMs)
  return at < timeline.end && timeline.times[at] === timeMs
}

/** Whether a sample is newer than this. */
export const hasSampleAfter = ({ times, start, end }: Timeline, timeMs: number) => end > start && (times[end - 1] as number) > timeMs

function insertAt(timeline: Timeline, index: number, timeMs: number, value: number): void {
  let at = index
  if (timeline.end === timeline.times.length) at -= makeRoom(timeline)
  const { times, values, end } = timeline
  times.copyWithin(at + 1, at, end)
  values.copyWithin(at + 1, at, end)
  times[at] = timeMs
  values[at] = value
  timeline.end++
}

/** How far everything moved to the front. */
function makeRoom(timeline: Timeline): number {
  const { times, values, start, end } = timeline
  const length = end - start
  if (length > times.length / 2) {
    timeline.times = new Float64Array(times.length * 2)
    timeline.values = new Float64Array(times.length * 2)
  }
  timeline.times.set(times.subarray(start, end))
  timeline.values.set(values.subarray(start, end))
  timeline.start = 0
  timeline.end = length
  return start
}

/** Forgets the samples before `timeMs`. */
export function dropBefore(timeline: Timeline, timeMs: number): void {
  const { times, end } = timeline
  while (timeline.start < end && (times[timeline.start] as number) < timeMs) timeline.start++
}

/** The samples from `fromMs` to `toMs`, both included: no copy, for rules look at them all the time. */
export function samplesBetween(timeline: Timeline, fromMs: number, toMs: number): { times: Float64Array; values: Float64Array } {
  const { times, values, start, end } = timeline
  const from = firstAtOrAfter(timeline, fromMs)
  // Nearly always the newest sample is within.
  let to = end > start && (times[end - 1] as number) <= toMs ? end : firstAtOrAfter(timeline, toMs)
  if (to < end && times[to] === toMs) to++
  return { times: times.subarray(from, to), values: values.subarray(from, to) }
}

function firstAtOrAfter({ times, start, end }: Timeline, timeMs: number): number {
  let low = start
  let high = end
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((times[middle] as number) < timeMs) low = middle + 1
    else high = middle
  }
  return low
}
