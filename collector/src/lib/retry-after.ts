/** Longer waits are cut: a receiver that asks for a day is tried again within the hour. */
const longestMs = 3_600_000

/** Milliseconds to wait by a `Retry-After` header: seconds, also with a fraction, or an HTTP date. */
export function parseRetryAfter(header: string | null, nowMs: number): number | undefined {
  if (header === null || header.trim() === '') return undefined
  const text = header.trim()
  const waitMs = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs
  return Number.isNaN(waitMs) ? undefined : Math.min(longestMs, Math.max(0, waitMs))
}
