import { type DataFrame, formattedValueToString } from '@grafana/data'

export type ValueFormat = (value: number | null) => string

/** A number in plain digits as far as they help, so that it can be compared with the one in the summary. */
export function toValueText(value: number | null): string {
  if (value === null) return ''
  const size = Math.abs(value)
  if (size !== 0 && (size < 0.001 || size >= 1e15)) return value.toExponential(2)
  return new Intl.NumberFormat(
    'en',
    size >= 1000 ? { maximumFractionDigits: size >= 1e6 ? 0 : 1 } : { maximumSignificantDigits: 4 },
  ).format(value)
}

/** Values as the panel's own unit and decimals say, where it has any. */
export function createValueFormat(frames: readonly DataFrame[]): ValueFormat {
  const field = frames.flatMap(({ fields }) => fields).find(({ name }) => name === 'value')
  const { unit, decimals } = field?.config ?? {}
  const display = field?.display
  if (display === undefined || (!unit && typeof decimals !== 'number')) return toValueText
  return (value) => (value === null ? '' : formattedValueToString(display(value)))
}
