import { z } from 'zod'
import { severitySchema } from '../../alerts/severity.ts'
import { parseDuration } from '../../lib/duration.ts'

/** `?state=firing,pending` or `?state=firing&state=pending`. */
export const listParam = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .transform((value) =>
    value === undefined
      ? []
      : [value]
          .flat()
          .flatMap((part) => part.split(','))
          .filter((part) => part !== ''),
  )
  .meta({ description: 'One value, several separated by commas, or the parameter repeated.' })

/** A list whose every entry is one of `values`. */
export function listOf<const Value extends string>(values: readonly Value[]) {
  return listParam.pipe(z.array(z.enum(values)))
}

/** Severities in any of the words that rules may use, `p0` or `CRITICAL`. */
export const severitiesParam = listParam.pipe(z.array(severitySchema))

/** Milliseconds since 1970, RFC 3339, or a duration before now such as `6h`. */
export const timeParam = z
  .string()
  .optional()
  .transform((text, context) => {
    if (text === undefined) return undefined
    if (/^\d{6,}$/.test(text)) return { at: Number(text) }
    const agoMs = parseDuration(text)
    if (agoMs !== undefined) return { agoMs }
    const at = Date.parse(text)
    if (!Number.isNaN(at)) return { at }
    context.addIssue({ code: 'custom', message: `"${text}" is not a time; write milliseconds since 1970, RFC 3339 or a duration like 6h` })
    return z.NEVER
  })
  .meta({ description: 'Milliseconds since 1970, RFC 3339, or a duration before now such as 6h.' })

type Time = z.output<typeof timeParam>

/** The range two time parameters mean at `nowMs`; undefined when neither was given. */
export function toRange(from: Time, to: Time, nowMs: number): { from: number; to: number } | undefined {
  if (from === undefined && to === undefined) return undefined
  const at = (time: Time, otherwise: number) =>
    time === undefined ? otherwise : 'at' in time ? (time.at as number) : nowMs - (time.agoMs as number)
  return { from: at(from, 0), to: at(to, nowMs) }
}

const count = (most: number, otherwise: number) => z.coerce.number().int().min(0).max(most).default(otherwise)

export const pageParams = { limit: count(10_000, 1000), offset: count(1_000_000, 0) }
