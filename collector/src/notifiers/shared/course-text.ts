import { formatDuration } from '../../lib/duration.ts'
import type { Alert, Course } from '../../model/alert.ts'

/** `41 → 97.5 in 1h, least 38, most 98 (mean of cpu.usage over 5m)`; empty when there is nothing to say. */
export function courseText({ what, times, values }: Course): string {
  const [from, to] = [values[0], values.at(-1)]
  const [fromMs, toMs] = [times[0], times.at(-1)]
  if (from === undefined || to === undefined || fromMs === undefined || toMs === undefined) return ''
  const spanMs = Math.max(1, Math.round((toMs - fromMs) / 60_000)) * 60_000
  const [least, most] = [Math.min(...values), Math.max(...values)]
  return `${formatValue(from)} → ${formatValue(to)} in ${formatDuration(spanMs)}, least ${formatValue(least)}, most ${formatValue(most)} (${what})`
}

/** The value with what it is counted in. Nothing is known of it while no samples come or the rule fails, and it says so. */
export function alertValue({ value, unit, annotations }: Pick<Alert, 'value' | 'unit' | 'annotations'>): string {
  const last = value === null ? '' : `${formatValue(value)}${unit ? ` ${unit}` : ''}`
  const { state_reason: reason } = annotations
  const gone = reason === 'NoData' ? 'no data comes' : reason === 'Error' ? 'cannot be evaluated' : ''
  return gone === '' ? last : `${gone}${last === '' ? '' : `; the last was ${last}`}`
}

/** As a person reads it: four digits, and of large ones no fraction. */
export function formatValue(value: number): string {
  const size = Math.abs(value)
  return String(size >= 1000 && size < 1e15 ? Math.round(value) : Number(value.toPrecision(4)))
}
