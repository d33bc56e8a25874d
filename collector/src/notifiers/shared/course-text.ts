import { formatDuration } from '../../lib/duration.ts'
import { formatValue } from '../../lib/format-value.ts'
import type { Course } from '../../model/alert.ts'

/** `41 → 97.5 in 1h, least 38, most 98 (mean of cpu.usage over 5m)`; empty when there is nothing to say. */
export function courseText({ what, times, values }: Course): string {
  const [from, to] = [values[0], values.at(-1)]
  const [fromMs, toMs] = [times[0], times.at(-1)]
  if (from === undefined || to === undefined || fromMs === undefined || toMs === undefined) return ''
  const spanMs = Math.max(1, Math.round((toMs - fromMs) / 60_000)) * 60_000
  const [least, most] = [Math.min(...values), Math.max(...values)]
  return `${formatValue(from)} → ${formatValue(to)} in ${formatDuration(spanMs)}, least ${formatValue(least)}, most ${formatValue(most)} (${what})`
}
