const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

const steps = [
  second,
  5 * second,
  15 * second,
  30 * second,
  minute,
  2 * minute,
  5 * minute,
  10 * minute,
  15 * minute,
  30 * minute,
  hour,
  2 * hour,
  3 * hour,
  6 * hour,
  12 * hour,
  day,
  2 * day,
  7 * day,
  14 * day,
  30 * day,
  90 * day,
  365 * day,
]

/**
 * Round times within a range, at most so many, and the format that tells them apart.
 *
 * `offsetMs` is how far the reader's clock is ahead of UTC: a day's tick belongs at their midnight.
 */
export function toTicks({ from, to, most, offsetMs = 0 }: { from: number; to: number; most: number; offsetMs?: number }): {
  times: number[]
  format: string
} {
  const span = to - from
  if (!(span > 0)) return { times: [], format: 'HH:mm' }
  const step = steps.find((candidate) => span / candidate <= most) ?? 365 * day
  const times: number[] = []
  for (let time = Math.ceil((from + offsetMs) / step) * step - offsetMs; time <= to; time += step) times.push(time)
  return { times, format: toFormat(step, span) }
}

function toFormat(step: number, span: number): string {
  if (step >= day) return 'MM-DD'
  if (step < minute) return 'HH:mm:ss'
  return span > day ? 'MM-DD HH:mm' : 'HH:mm'
}
