import { pushPointSchema } from '../contract/push.ts'
import type { FieldValue, Point } from '../model/point.ts'
import { describeIssues } from './validation.ts'

type PushField = number | boolean | string | { value: number | string; type: 'float' | 'integer' | 'unsigned' }

const integerRange = { integer: [-(2n ** 63n), 2n ** 63n - 1n], unsigned: [0n, 2n ** 64n - 1n] } as const

/** One pushed point as the collector holds it, or the reason why it cannot be. */
export function toPoint(candidate: unknown): Point | { reason: string } {
  const parsed = pushPointSchema.safeParse(candidate)
  if (!parsed.success) return { reason: describeIssues(parsed.error) }
  const { measurement, tags, fields, time } = parsed.data

  const values: Record<string, FieldValue> = {}
  for (const [name, field] of Object.entries(fields)) {
    const value = toFieldValue(field)
    if (value === undefined) return { reason: `fields.${name}: not a number of its type` }
    values[name] = value
  }
  if (Object.keys(values).length === 0) return { reason: 'fields: a point needs at least one field' }

  const timeNs = time === undefined ? undefined : toNanoseconds(time)
  if (timeNs === null) return { reason: `time: ${JSON.stringify(time)} is neither milliseconds since 1970 nor RFC 3339` }
  return {
    measurement,
    tags: Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, String(value)])),
    fields: values,
    ...(timeNs !== undefined && { timeNs }),
  }
}

function toFieldValue(field: PushField): FieldValue | undefined {
  if (typeof field !== 'object') return field
  if (field.type === 'float') {
    const value = Number(field.value)
    return Number.isFinite(value) && field.value !== '' ? value : undefined
  }
  if (!/^-?\d+$/.test(String(field.value))) return undefined
  const value = BigInt(field.value)
  const [least, most] = integerRange[field.type]
  return value >= least && value <= most ? value : undefined
}

const rfc3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/i

/** Milliseconds (a fraction is kept) or RFC 3339 with up to nine digits; null for anything else. */
export function toNanoseconds(time: number | string): bigint | null {
  if (typeof time === 'number') {
    if (!Number.isFinite(time) || Math.abs(time) > 9_223_372_036_854) return null
    const wholeMs = Math.floor(time)
    return BigInt(wholeMs) * 1_000_000n + BigInt(Math.round((time - wholeMs) * 1_000_000))
  }
  const [, seconds, fraction = '', zone] = rfc3339.exec(time) ?? []
  const ms = Date.parse(`${seconds}${zone}`)
  return Number.isNaN(ms) ? null : BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0'))
}
