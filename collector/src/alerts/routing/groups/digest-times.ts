import { DateTime } from 'luxon'
import type { Digest } from '../tree/digest-schema.ts'

/** A week and the days that a change of time may move. */
const lookedAtDays = 9

/** The last time it was due, at this moment or before. */
export function lastDue(digest: Digest, nowMs: number): number {
  for (let back = 0; back <= lookedAtDays; back += 1) {
    const found = dueTimes(digest, nowMs, -back).findLast((dueMs) => dueMs <= nowMs)
    if (found !== undefined) return found
  }
  return Number.NEGATIVE_INFINITY
}

/** The next time it will be due. */
export function nextDue(digest: Digest, nowMs: number): number {
  for (let ahead = 0; ahead <= lookedAtDays; ahead += 1) {
    const found = dueTimes(digest, nowMs, ahead).find((dueMs) => dueMs > nowMs)
    if (found !== undefined) return found
  }
  return Number.POSITIVE_INFINITY
}

/** Its times on a day, by the clocks of its place; a time that summer time leaves out is told an hour later. */
function dueTimes({ times, weekdays, zone }: Digest, nowMs: number, days: number): number[] {
  const day = DateTime.fromMillis(nowMs, { zone }).startOf('day').plus({ days })
  // Luxon counts Sunday as 7.
  const isWanted = weekdays === null || weekdays.some(({ from, to }) => from <= day.weekday % 7 && day.weekday % 7 <= to)
  return isWanted ? times.map((minute) => day.set({ hour: Math.floor(minute / 60), minute: minute % 60 }).toMillis()) : []
}
