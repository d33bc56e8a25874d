/**
 * The recent samples of one series in order of time, bounded in age and number.
 *
 * The samples lie in `times` and `values` from `start` on. What is before it has left, and its room
 * is used again when it has become a quarter of all. Plain arrays of numbers: typed ones weigh
 * 300 bytes each before the first sample, and there is a timeline for every series of a rule.
 */
export type Timeline = { readonly times: number[]; readonly values: number[]; start: number }

const leftMin = 8

export const createTimeline = (): Timeline => ({ times: [], values: [], start: 0 })

/** Puts a sample in its place; one of the same time takes the new value. The oldest goes when there are over `samplesMax`. */
export function addSample(timeline: Timeline, timeMs: number, value: number, samplesMax: number): void {
  const { times, values } = timeline
  if (isEmpty(timeline) || timeMs > (times[times.length - 1] as number)) {
    times.push(timeMs)
    values.push(value)
  } else {
    const at = firstAtOrAfter(timeline, timeMs)
    if (times[at] === timeMs) values[at] = value
    else {
      times.splice(at, 0, timeMs)
      values.splice(at, 0, value)
    }
  }
  if (times.length - timeline.start > samplesMax) timeline.start++
  if (timeline.start > leftMin && timeline.start > times.length / 4) makeRoom(timeline)
}

export const isEmpty = ({ times, start }: Timeline) => times.length === start

/** Whether a sample has exactly this time. */
export function hasSampleAt(timeline: Timeline, timeMs: number): boolean {
  return timeline.times[firstAtOrAfter(timeline, timeMs)] === timeMs
}

/** Whether a sample is newer than this. */
export function hasSampleAfter(timeline: Timeline, timeMs: number): boolean {
  return !isEmpty(timeline) && (timeline.times[timeline.times.length - 1] as number) > timeMs
}

/** Moves them by hand: `splice` makes an array of what it takes away, and gives the room away too. */
function makeRoom(timeline: Timeline): void {
  const { times, values, start } = timeline
  const length = times.length - start
  for (let index = 0; index < length; index++) {
    times[index] = times[start + index] as number
    values[index] = values[start + index] as number
  }
  times.length = length
  values.length = length
  timeline.start = 0
}

/** Forgets the samples before `timeMs`. */
export function dropBefore(timeline: Timeline, timeMs: number): void {
  const { times } = timeline
  while (timeline.start < times.length && (times[timeline.start] as number) < timeMs) timeline.start++
}

/** The place of the first sample at `timeMs` or later; behind the last one when there is none. */
export function firstAtOrAfter({ times, start }: Timeline, timeMs: number): number {
  // What is asked for is nearly always all there is.
  if (start === times.length || (times[start] as number) >= timeMs) return start
  if ((times[times.length - 1] as number) < timeMs) return times.length
  let low = start + 1
  let high = times.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((times[middle] as number) < timeMs) low = middle + 1
    else high = middle
  }
  return low
}

/** The place behind the last sample at `timeMs` or before. */
export function firstAfter(timeline: Timeline, timeMs: number): number {
  const at = firstAtOrAfter(timeline, timeMs)
  return timeline.times[at] === timeMs ? at + 1 : at
}
