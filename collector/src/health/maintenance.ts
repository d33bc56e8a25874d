import { z } from 'zod'

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time of day such as 02:30')
const timeZone = z.string().refine(isTimeZone, 'must be a time zone such as UTC or Europe/Berlin')

const onceSchema = z
  .strictObject({ from: z.iso.datetime({ offset: true }), to: z.iso.datetime({ offset: true }) })
  .refine((window) => Date.parse(window.from) < Date.parse(window.to), 'from must lie before to')

const weeklySchema = z
  .strictObject({
    weekdays: z
      .array(z.enum(weekdays))
      .min(1)
      .default([...weekdays]),
    start: timeOfDay,
    end: timeOfDay.describe('Not included. Earlier than start: the window ends on the next day.'),
    timezone: timeZone.default('UTC'),
  })
  .refine((window) => window.start !== window.end, 'start and end must differ; a whole day is 00:00 to 24:00')

/** Planned work: once (`from`, `to`), or every week (`weekdays`, `start`, `end`, `timezone`). */
export const maintenanceSchema = z.union([onceSchema, weeklySchema])

export type MaintenanceWindow = z.output<typeof maintenanceSchema>

/** Whether `nowMs` lies in one of the windows. Weekly ones follow the clock on the wall of their time zone. */
export function isInMaintenance(windows: readonly MaintenanceWindow[], nowMs: number): boolean {
  return windows.some((window) => ('from' in window ? isInOnce(window, nowMs) : isInWeekly(window, nowMs)))
}

function isInOnce(window: z.output<typeof onceSchema>, nowMs: number): boolean {
  return Date.parse(window.from) <= nowMs && nowMs < Date.parse(window.to)
}

function isInWeekly(window: z.output<typeof weeklySchema>, nowMs: number): boolean {
  const { day, minute } = onTheWall(nowMs, window.timezone)
  const start = minuteOf(window.start)
  const end = minuteOf(window.end)
  const begins = (on: number) => window.weekdays.some((name) => name === weekdays[on])
  if (start < end) return begins(day) && start <= minute && minute < end
  const yesterday = (day + 6) % 7
  return (begins(day) && start <= minute) || (begins(yesterday) && minute < end)
}

/** The day (0 is Monday) and the minute of the day that a clock in this time zone shows. */
function onTheWall(nowMs: number, zone: string): { day: number; minute: number } {
  const format = wallClocks.get(zone) ?? createWallClock(zone)
  const parts = new Map(format.formatToParts(nowMs).map(({ type, value }) => [type, value]))
  const day = (weekdays as readonly string[]).indexOf(parts.get('weekday')?.toLowerCase() ?? '')
  return { day, minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')) }
}

// A formatter costs a hundred times what using it does.
const wallClocks = new Map<string, Intl.DateTimeFormat>()

function createWallClock(zone: string): Intl.DateTimeFormat {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  wallClocks.set(zone, format)
  return format
}

function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: name })
    return true
  } catch {
    return false
  }
}
