import { z } from 'zod'

/** A JSON number is a float, as in InfluxDB; `{"value": 3, "type": "integer"}` says otherwise. */
export const pushFieldSchema = z.union([
  z.number(),
  z.boolean(),
  z.string(),
  z.strictObject({ value: z.union([z.number(), z.string()]), type: z.enum(['float', 'integer', 'unsigned']) }),
])

export const pushPointSchema = z.strictObject({
  measurement: z.string().min(1),
  tags: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  fields: z.record(z.string(), pushFieldSchema),
  /** Milliseconds since 1970 or RFC 3339; left out: when the request came in. */
  time: z.union([z.number(), z.string()]).optional(),
})

/** Points are checked one by one, so that a bad one is refused alone: see `pushPointSchema`. */
export const pushRequestSchema = z.strictObject({
  points: z.array(z.unknown()).min(1).max(100_000),
  /** The same as the header `Idempotency-Key`: a request that comes again with it is not counted again. */
  idempotencyKey: z.string().optional(),
})

export type PushPoint = z.input<typeof pushPointSchema>
export type PushResponse = { accepted: number; rejected: { index: number; reason: string }[] }
