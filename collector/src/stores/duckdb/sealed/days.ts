/** Days are UTC's, counted from 1970-01-01. */
const dayMs = 86_400_000

export const dayOf = (timeMs: number): number => Math.floor(timeMs / dayMs)
export const startOf = (day: number): number => day * dayMs
/** `2026-11-19` */
export const dateOf = (day: number): string => new Date(startOf(day)).toISOString().slice(0, 10)

/** `time >= … AND time < …` of some days, the last one included. */
export function inDays(firstDay: number, lastDay = firstDay): string {
  return `time >= ${toNs(startOf(firstDay))} AND time < ${toNs(startOf(lastDay + 1))}`
}

export const toNs = (timeMs: number): bigint => BigInt(timeMs) * 1_000_000n

/** The day of a row, in SQL. Times before 1970 are not asked: they are never sealed. */
export const dayExpression = `(time // ${toNs(dayMs)})::INTEGER`
