import { DateTime } from 'luxon'
import type { DayRange, NamedInterval, Range, TimeInterval } from './time-interval-schema.ts'

/** Whether any part of a named interval holds at a time, by the clocks of its place: summer time moves it along. */
export function isWithin({ intervals }: NamedInterval, nowMs: number): boolean {
  return intervals.some((interval) => covers(interval, DateTime.fromMillis(nowMs, { zone: interval.zone })))
}

/** Each field that is given must hold; one of its ranges is enough. */
function covers({ times, weekdays, daysOfMonth, months, years }: TimeInterval, local: DateTime): boolean {
  const minute = local.hour * 60 + local.minute
  return (
    anyOf(times, ({ from, to }) => from <= minute && minute < to) &&
    // Luxon counts Sunday as 7.
    anyOf(weekdays, (range) => isIn(range, local.weekday % 7)) &&
    anyOf(daysOfMonth, (range) => isDayIn(range, local.day, local.daysInMonth ?? 31)) &&
    anyOf(months, (range) => isIn(range, local.month)) &&
    anyOf(years, (range) => isIn(range, local.year))
  )
}

function anyOf<Item>(items: readonly Item[] | null, holds: (item: Item) => boolean): boolean {
  return items === null || items.some(holds)
}

/** Both ends are part of it. */
function isIn({ from, to }: Range, value: number): boolean {
  return from <= value && value <= to
}

/** Negative days count from the end of the month; what lies beyond it ends with it. */
function isDayIn({ from, to }: DayRange, day: number, daysInMonth: number): boolean {
  const first = from < 0 ? daysInMonth + from + 1 : from
  const last = to < 0 ? daysInMonth + to + 1 : to
  return first <= daysInMonth && Math.max(first, 1) <= day && day <= Math.min(last, daysInMonth)
}
