import { formatValue } from '../lib/format-value.ts'
import type { Alert } from './alert.ts'

/** The value with what it is counted in. Nothing is known of it while no samples come or the rule fails, and it says so. */
export function alertValue({ value, unit, annotations }: Pick<Alert, 'value' | 'unit' | 'annotations'>): string {
  const last = value === null ? '' : `${formatValue(value)}${unit ? ` ${unit}` : ''}`
  const { state_reason: reason } = annotations
  const gone = reason === 'NoData' ? 'no data comes' : reason === 'Error' ? 'cannot be evaluated' : ''
  return gone === '' ? last : `${gone}${last === '' ? '' : `; the last was ${last}`}`
}
