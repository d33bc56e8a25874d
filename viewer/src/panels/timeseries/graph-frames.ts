import { type DataFrame, type Field, FieldType } from '@grafana/data'

/**
 * The frames a graph can draw: those with a time field and at least one value, booleans as 0 and 1.
 *
 * Frames without rows stay out, so that an empty answer says so instead of drawing empty axes.
 */
export function toGraphFrames(series: readonly DataFrame[]): DataFrame[] {
  return series.flatMap((frame) => {
    const time = frame.fields.find((field) => field.type === FieldType.time)
    if (!time || frame.length === 0) return []
    const values = frame.fields.filter((field) => field !== time).flatMap(toNumberField)
    return values.length === 0 ? [] : [{ ...frame, fields: [time, ...values] }]
  })
}

function toNumberField(field: Field): Field[] {
  if (field.type === FieldType.number) return [field]
  if (field.type !== FieldType.boolean) return []
  const values = field.values.map((value) => (value === null || value === undefined ? value : Number(value)))
  const custom = { ...field.config.custom, lineInterpolation: field.config.custom?.lineInterpolation ?? 'stepAfter' }
  return [{ ...field, type: FieldType.number, values, config: { max: 1, min: 0, ...field.config, custom } }]
}
