import { z } from 'zod'

/** A JSON number is a float, as in InfluxDB; `{"value": 3, "type": "integer"}` says otherwise. */
export const pushFieldSchema = z.union(
  [
    z.number(),
    z.boolean(),
    z.string(),
    z.strictObject({ value: z.union([z.number(), z.string()]), type: z.enum(['float', 'integer', 'unsigned']) }),
  ],
  'must be a number, true, false or a text, or such as {"value":3,"type":"integer"} with the type float, integer or unsigned',
)

const tagSchema = z.union([z.string(), z.number(), z.boolean()], 'must be a text; leave out a tag that has no value')
const shape = 'a point is such as {"measurement":"orders","tags":{"shop":"eu"},"fields":{"count":1},"time":1795231147180}'

export const pushPointSchema = z.strictObject(
  {
    measurement: z.string('must be a text').min(1, 'must not be empty'),
    tags: z.record(z.string(), tagSchema, 'must be an object of names and values').default({}),
    fields: z.record(z.string(), pushFieldSchema, 'must be an object of names and values'),
    /** Milliseconds since 1970 or RFC 3339; left out: when the request came in. */
    time: z.union([z.number(), z.string()], 'must be milliseconds since 1970 or RFC 3339').optional(),
  },
  { error: (issue) => (issue.code === 'unrecognized_keys' ? `${unknownKeys(issue.keys)}; ${shape}` : shape) },
)

/** Points are checked one by one, so that a bad one is refused alone: see `pushPointSchema`. */
export const pushRequestSchema = z.strictObject(
  {
    points: z.array(z.unknown(), 'must be a list of points').min(1, 'must hold a point').max(100_000, 'may hold 100000 points at most'),
    /** The same as the header `Idempotency-Key`: a request that comes again with it is not counted again. */
    idempotencyKey: z.string().optional(),
  },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? `${unknownKeys(issue.keys)}; points stand in {"points":[…]}` : 'points stand in {"points":[…]}',
  },
)

const unknownKeys = (keys: readonly string[]) => `unknown ${keys.length === 1 ? 'key' : 'keys'} ${keys.join(', ')}`

export type PushPoint = z.input<typeof pushPointSchema>
export type PushResponse = { accepted: number; rejected: { index: number; reason: string }[] }
