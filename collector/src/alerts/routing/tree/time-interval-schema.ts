import { IANAZone } from 'luxon'
import { z } from 'zod'

/** Both ends are part of it, but for times of day, whose end is not. */
export type Range = { readonly from: number; readonly to: number }
/** From the end of the month where negative. */
export type DayRange = Range

export type TimeInterval = {
  /** Minutes of the day. Null here and below: at any. */
  readonly times: readonly Range[] | null
  /** Sunday is 0. */
  readonly weekdays: readonly Range[] | null
  readonly daysOfMonth: readonly DayRange[] | null
  readonly months: readonly Range[] | null
  readonly years: readonly Range[] | null
  readonly zone: string
}

export type NamedInterval = { readonly name: string; readonly intervals: readonly TimeInterval[] }

const weekdayNames = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
const monthNames = [
  ...['january', 'february', 'march', 'april', 'may', 'june'],
  ...['july', 'august', 'september', 'october', 'november', 'december'],
]

export const timeOfDaySchema = z
  .string()
  .regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be a time such as 09:00, or 24:00')
  .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)))

const timeRange = z
  .strictObject({ start_time: timeOfDaySchema, end_time: timeOfDaySchema })
  .transform(({ start_time, end_time }): Range => ({ from: start_time, to: end_time }))
  .refine(({ from, to }) => from < to, 'end_time must come after start_time; write a night as two: 22:00–24:00 and 00:00–06:00')

/** `monday`, `monday:friday`, `5`, `1:5`: text or number, a range with a colon. */
function rangeOf(what: string, toNumber: (word: string) => number | undefined) {
  return z.union([z.string(), z.number()]).transform((given, context): Range => {
    const words = String(given).split(':')
    const [from, last, ...rest] = words.map((word) => toNumber(word.trim().toLowerCase()))
    const to = words.length === 1 ? from : last
    const isRange = from !== undefined && to !== undefined && rest.length === 0
    const isBackwards = isRange && from > to && Math.sign(from) === Math.sign(to)
    if (isRange && !isBackwards) return { from, to }
    context.addIssue({
      code: 'custom',
      message: isBackwards ? `"${given}" ends before it starts; write it as two` : `"${given}" is not ${what}`,
    })
    return z.NEVER
  })
}

const named = (names: readonly string[], first: number) => (word: string) => {
  const place = names.indexOf(word)
  return place < 0 ? undefined : place + first
}
const whole = (least: number, most: number) => (word: string) => {
  const number = Number(word)
  return /^-?\d+$/.test(word) && number >= least && number <= most && number !== 0 ? number : undefined
}
const monthOf = (word: string) => named(monthNames, 1)(word) ?? whole(1, 12)(word)

const listOf = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .array(schema)
    .min(1)
    .optional()
    .transform((ranges) => ranges ?? null)

export const weekdaysSchema = listOf(rangeOf('a weekday such as monday, or monday:friday', named(weekdayNames, 0)))
export const timeZoneSchema = z
  .string()
  .refine((zone) => zone === 'Local' || IANAZone.isValidZone(zone), 'must be a time zone such as Europe/Berlin, or Local')
  .default('UTC')

/** As luxon calls it. */
export function toZone(location: string): string {
  return location === 'Local' ? 'system' : location
}

const intervalSchema = z
  .strictObject({
    times: listOf(timeRange),
    weekdays: weekdaysSchema,
    days_of_month: listOf(rangeOf('a day of the month such as 1, 1:5 or -3:-1', whole(-31, 31))),
    months: listOf(rangeOf('a month such as january, 1:3 or may:august', monthOf)),
    years: listOf(rangeOf('a year such as 2026 or 2026:2028', whole(1, 9999))),
    location: timeZoneSchema,
  })
  .transform(
    ({ days_of_month, location, ...fields }): TimeInterval => ({
      ...fields,
      daysOfMonth: days_of_month,
      zone: toZone(location),
    }),
  )

/** Alertmanager's `time_intervals`: times that routes and escalations refer to by name. */
export const namedIntervalSchema = z
  .strictObject({ name: z.string().min(1).max(200), time_intervals: z.array(intervalSchema).min(1).max(100) })
  .transform(({ name, time_intervals }): NamedInterval => ({ name, intervals: time_intervals }))
