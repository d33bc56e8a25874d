import type { z } from 'zod'
import { type pushFieldSchema, pushPointSchema } from '../contract/push.ts'
import type { FieldValue, Point } from '../model/point.ts'

type PushField = z.output<typeof pushFieldSchema>

/** A pushed point as the collector holds it, or why it cannot be taken. Limits are checked when it is accepted. */
export function toPoint(candidate: unknown): Point | { reason: string } {
  const parsed = pushPointSchema.safeParse(candidate)
  if (!parsed.success) return { reason: describe(parsed.error) }
  const { measurement, tags, fields, time } = parsed.data

  const values: Record<string, FieldValue> = {}
  for (const [name, field] of Object.entries(fields)) {
    const value = toFieldValue(field)
    if (typeof value === 'object') return { reason: `fields.${name}: ${value.reason}` }
    values[name] = value
  }
  const timeNs = time === undefined ? undefined : toNanoseconds(time)
  if (typeof timeNs === 'string') return { reason: `time: ${timeNs}` }
  const unsigned = Object.keys(fields).filter((name) => isUnsigned(fields[name]))
  return {
    measurement,
    tags: Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, String(value)])),
    fields: values,
    ...(timeNs !== undefined && { timeNs }),
    ...(unsigned.length > 0 && { unsigned }),
  }
}

const isUnsigned = (field: PushField | undefined) => typeof field === 'object' && field.type === 'unsigned'

function describe({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`)).join('; ')
}

function toFieldValue(field: PushField): FieldValue | { reason: string } {
  if (typeof field !== 'object') return field
  const { value, type } = field
  if (type === 'float') {
    const number = typeof value === 'number' || isNumeral.test(value) ? Number(value) : Number.NaN
    return Number.isFinite(number) ? number : { reason: `${JSON.stringify(value)} is not a number` }
  }
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    return { reason: `${value} is not an integer that JSON carries exactly; write it as a string, such as "9007199254740993"` }
  }
  if (!/^-?\d{1,20}$/.test(String(value))) return { reason: `${JSON.stringify(value)} is not an integer of 64 bits` }
  return BigInt(value)
}

const isNumeral = /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

const msMax = 9_223_372_036_854
/** From 2001 to 2286, if they are seconds; as milliseconds the first months of 1970, of which nobody has metrics. */
const [secondsMin, secondsMax] = [1e9, 1e10]
const rfc3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?(Z|[+-]\d\d:\d\d)$/i

/** Milliseconds (a fraction is kept) or RFC 3339 with up to nine digits; a sentence for anything else. */
function toNanoseconds(time: number | string): bigint | string {
  if (typeof time === 'number') {
    if (Math.abs(time) > msMax)
      return `${time} is outside the years 1677 to 2262; numbers are milliseconds since 1970, not micro- or nanoseconds`
    if (time >= secondsMin && time <= secondsMax)
      return `${time} would be in 1970; numbers are milliseconds since 1970, not seconds (write RFC 3339 if 1970 is meant)`
    const wholeMs = Math.floor(time)
    return BigInt(wholeMs) * 1_000_000n + BigInt(Math.round((time - wholeMs) * 1_000_000))
  }
  const [, seconds, fraction = '', zone] = rfc3339.exec(time) ?? []
  const ms = Date.parse(`${seconds}${zone}`)
  if (Number.isNaN(ms))
    return `${JSON.stringify(time)} is no RFC 3339 time such as 2026-11-21T04:00:00Z; for milliseconds since 1970 leave out the quotes`
  return BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0'))
}
