import { z } from 'zod'
import { durationSchema } from '../lib/duration.ts'
import { hashToken, tokenHashPattern } from '../lib/token-hash.ts'
import { scopes } from '../model/token.ts'

/** A number that may come as text, from the environment or a `${NAME}`. */
const wholeNumber = (least: number, most: number) =>
  z.preprocess((value) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value), z.int().min(least).max(most))

const size = z.union([z.int().min(1), z.string().regex(/^\d+(?:\.\d+)?\s*(?:kB|KB|MB|GB|B)$/, 'must be a size such as 500kB or 25MB')])
/** A size that may be written `25MB`. */
export const bytes = (otherwise: string) => size.default(otherwise).transform(toBytes)

const unitBytes: Readonly<Record<string, number>> = { b: 1, kb: 1000, mb: 1_000_000, gb: 1_000_000_000 }

function toBytes(size: number | string): number {
  if (typeof size === 'number') return size
  const [, amount = '0', unit = 'b'] = /^([\d.]+)\s*(\w+)$/.exec(size) ?? []
  return Math.round(Number(amount) * (unitBytes[unit.toLowerCase()] ?? 1))
}

const duration = (text: string) => durationSchema.prefault(text)

export const serverSchema = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  port: wholeNumber(0, 65_535).default(8484),
  externalUrl: z.url({ protocol: /^https?$/, error: 'must be an address such as https://tidewatch.example.org' }).optional(),
})

export const limitsSchema = z
  .strictObject({
    ingestBodyMax: bytes('25MB'),
    requestBodyMax: bytes('1MB'),
    headerMax: bytes('16kB'),
    connectionsMax: z.int().min(1).default(1000),
    headersTimeout: duration('10s'),
    requestTimeout: duration('60s'),
    queryTimeout: duration('30s'),
    seriesPerQueryMax: z.int().min(1).default(1000),
    bucketsPerQueryMax: z.int().min(1).default(11_000),
    streamClientsMax: z.int().min(1).default(200),
    streamQueueMax: z.int().min(1).default(1000),
    stopGrace: duration('10s'),
    idempotencyKeep: duration('24h'),
    idempotencyKeysMax: z.int().min(1).default(100_000),
    seriesMax: z.int().min(1).default(1_000_000),
  })
  .transform((given) => ({
    ingestBodyBytesMax: given.ingestBodyMax,
    requestBodyBytesMax: given.requestBodyMax,
    headerBytesMax: given.headerMax,
    connectionsMax: given.connectionsMax,
    headersTimeoutMs: given.headersTimeout,
    requestTimeoutMs: given.requestTimeout,
    queryTimeoutMs: given.queryTimeout,
    seriesPerQueryMax: given.seriesPerQueryMax,
    bucketsPerQueryMax: given.bucketsPerQueryMax,
    streamClientsMax: given.streamClientsMax,
    streamQueueMax: given.streamQueueMax,
    stopGraceMs: given.stopGrace,
    idempotencyKeepMs: given.idempotencyKeep,
    idempotencyKeysMax: given.idempotencyKeysMax,
    seriesMax: given.seriesMax,
  }))

/** Where points wait while the store takes nothing. */
export const spoolSchema = z
  .strictObject({
    path: z.string().min(1).optional(),
    bytesMax: bytes('1GB'),
    quarantineBytesMax: bytes('100MB'),
    slowAfter: duration('10s'),
  })
  .transform(({ slowAfter, ...given }) => ({ ...given, slowAfterMs: slowAfter }))

/** How long a silence may last, and how many there may be at once; they are among the routes, hence their spelling. */
export const silencesSchema = z
  .strictObject({ max_duration: duration('30d'), max_silences: z.int().min(1).max(100_000).default(10_000) })
  .transform(({ max_duration, max_silences }) => ({ longestMs: max_duration, max: max_silences }))

export const logSchema = z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info') })

/** What may be written with a token; what is left out has no bound. */
const quotaSchema = z
  .strictObject({
    pointsPerSecond: z.number().positive().optional(),
    bytesPerSecond: size.transform(toBytes).optional(),
    requestsPerSecond: z.number().positive().optional(),
    burst: duration('10s'),
  })
  .transform(({ burst, ...given }) => ({ ...given, burstMs: burst }))

/** A token: its secret (or a file with it) or, better, only the hash that `tidewatch token` prints. */
export const tokenSchema = z
  .strictObject({
    name: z.string().min(1).max(200),
    scopes: z.array(z.enum(scopes)).min(1),
    token: z.string().min(16, 'must have at least 16 characters; "tidewatch token create" makes a good one').optional(),
    hash: z.string().regex(tokenHashPattern, 'must be sha256: and 64 hexadecimal digits, as "tidewatch token hash" prints it').optional(),
    quota: quotaSchema.optional(),
  })
  .refine((entry) => (entry.token === undefined) !== (entry.hash === undefined), 'give token, tokenFile or hash: exactly one')
  .transform(({ name, scopes: given, token, hash, quota }) => ({
    name,
    scopes: given,
    hash: hash ?? hashToken(token ?? ''),
    ...(quota && { quota }),
  }))
