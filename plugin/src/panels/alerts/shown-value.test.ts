import { createTheme, type DataFrame, FieldType, getDisplayProcessor } from '@grafana/data'
import { expect, it } from 'vitest'
import { createValueFormat, toValueText } from './shown-value.ts'

it.each([
  [null, ''],
  [0, '0'],
  [93.2666, '93.27'],
  [-0.0000123, '-1.23e-5'],
  [1234.5, '1,234.5'],
  [8_589_934_592, '8,589,934,592'],
  [1e12, '1,000,000,000,000'],
  [1.5e15, '1.50e+15'],
])('writes %s so that it can be compared', (value, text) => {
  expect(toValueText(value)).toBe(text)
})

const frameWith = (config: Record<string, unknown>): DataFrame => {
  const field = { name: 'value', type: FieldType.number, values: [], config }
  return { length: 0, fields: [{ ...field, display: getDisplayProcessor({ field, theme: createTheme() }) }] }
}

it('writes values in the unit and with the decimals that the panel was given', () => {
  expect(createValueFormat([frameWith({ unit: 'bytes', decimals: 1 })])(8_589_934_592)).toBe('8.0 GiB')
  expect(createValueFormat([frameWith({ unit: 'percent' })])(93.2)).toBe('93.2%')
  expect(createValueFormat([frameWith({ decimals: 1 })])(93.266)).toBe('93.3')
  expect(createValueFormat([frameWith({ unit: 'percent' })])(null)).toBe('')
})

it('writes plain figures where the panel has no unit', () => {
  expect(createValueFormat([frameWith({})])).toBe(toValueText)
  expect(createValueFormat([])).toBe(toValueText)
})
