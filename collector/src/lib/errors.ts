/**
 * Every code an answer may carry, with its HTTP status. Documentation lists this table, so a code
 * keeps its meaning for ever.
 */
export const errorStatus = {
  BAD_REQUEST: 400,
  INVALID_JSON: 400,
  VALIDATION_FAILED: 400,
  INGEST_LINE_INVALID: 400,
  INGEST_BODY_TOO_LARGE: 413,
  INGEST_ENCODING_UNSUPPORTED: 415,
  INGEST_FULL: 503,
  IDEMPOTENCY_KEY_REUSED: 422,
  QUERY_INVALID: 400,
  QUERY_TOO_MANY_SERIES: 422,
  QUERY_TIMEOUT: 504,
  QUERY_CANCELLED: 499,
  STORE_UNAVAILABLE: 503,
  STORE_REFUSED: 502,
  STORE_CORRUPT: 500,
  STATE_UNWRITABLE: 507,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  BODY_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  TOO_MANY_REQUESTS: 429,
  REQUEST_TIMEOUT: 408,
  CONFIG_INVALID: 500,
  RELOAD_REFUSED: 422,
  START_FAILED: 500,
  SHUTTING_DOWN: 503,
  INTERNAL: 500,
} as const

export type ErrorCode = keyof typeof errorStatus

/** A broken promise: a stable code and a sentence that says what happened, to what, and what to do. */
export class AppError extends Error {
  readonly code: ErrorCode
  /** Whether the same call may succeed later. */
  readonly retryable: boolean
  /** How long whoever answered asks to be left alone. */
  readonly retryAfterMs?: number
  readonly details?: unknown

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; retryable?: boolean; retryAfterMs?: number | undefined; details?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.retryable = options.retryable ?? false
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs
    if (options.details !== undefined) this.details = options.details
  }
}

/** Fails on a programmer's error. */
export function invariant(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${sentence}`)
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
