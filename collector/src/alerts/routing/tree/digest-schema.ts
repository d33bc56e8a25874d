import { z } from 'zod'
import { type Range, timeOfDaySchema, timeZoneSchema, toZone, weekdaysSchema } from './time-interval-schema.ts'

/** When a route tells what gathered, rather than as it comes. */
export type Digest = {
  /** Minutes of the day, ascending. */
  readonly times: readonly number[]
  /** Sunday is 0; null: every day. */
  readonly weekdays: readonly Range[] | null
  readonly zone: string
  readonly skipEmpty: boolean
}

export const digestSchema = z
  .strictObject({
    at: z.union([timeOfDaySchema, z.array(timeOfDaySchema).min(1).max(24)]),
    weekdays: weekdaysSchema,
    location: timeZoneSchema,
    skip_empty: z.boolean().default(true),
  })
  .transform(
    ({ at, weekdays, location, skip_empty }): Digest => ({
      times: [...new Set([at].flat())].sort((a, b) => a - b),
      weekdays,
      zone: toZone(location),
      skipEmpty: skip_empty,
    }),
  )
