import { z } from 'zod'

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }
const whole = /^(?:\d+(?:\.\d+)?(?:ms|[smhdw]))+$/
const part = /(\d+(?:\.\d+)?)(ms|[smhdw])/g

/** Milliseconds of `30s`, `1h30m`, `500ms`; undefined for anything else. Prometheus's notation. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0
  if (!whole.test(text)) return undefined
  let totalMs = 0
  for (const [, amount, unit] of text.matchAll(part)) totalMs += Number(amount) * (unitMs[unit ?? ''] ?? 0)
  return totalMs
}

/** `90000` → `1m30s`. */
export function formatDuration(durationMs: number): string {
  if (durationMs === 0) return '0s'
  let rest = Math.round(durationMs)
  let text = ''
  for (const unit of ['w', 'd', 'h', 'm', 's', 'ms']) {
    const size = unitMs[unit] as number
    const amount = Math.floor(rest / size)
    if (amount > 0) text += `${amount}${unit}`
    rest -= amount * size
  }
  return text
}

/** A configuration value like `30s`, held as milliseconds. */
export const durationSchema = z
  .string({ error: ({ input }) => (typeof input === 'number' ? `${input} has no unit; write it like ${input}s or ${input}m` : undefined) })
  .meta({ description: 'A duration such as 500ms, 30s, 5m, 1h30m or 7d.', pattern: whole.source })
  .transform((text, context) => {
    const durationMs = parseDuration(text)
    if (durationMs === undefined) {
      context.addIssue({ code: 'custom', message: `"${text}" is not a duration; write it like 30s, 5m, 1h30m or 7d` })
      return z.NEVER
    }
    return durationMs
  })
