import { applyFieldOverrides, createTheme, FieldType, standardTransformers, toDataFrame } from '@grafana/data'
import { describe, expect, it } from 'vitest'
import { timeseriesPanel } from '../panels/timeseries/plugin.ts'
import { registerEditors } from './editors.ts'
import { registerFieldConfig } from './field-config.ts'
import { listTransformers } from './transformers.ts'

registerEditors()
registerFieldConfig()

function apply(defaults: Record<string, unknown>, properties: { id: string; value: unknown }[] = []) {
  const data = [toDataFrame({ fields: [{ name: 'n', type: FieldType.number, values: [95] }] })]
  const overrides = [{ matcher: { id: 'byName', options: 'n' }, properties }]
  const replaceVariables = (text: string) => text.replace('$host', 'atlas')
  const options = {
    data,
    fieldConfig: { defaults, overrides },
    theme: createTheme(),
    replaceVariables,
    fieldConfigRegistry: timeseriesPanel.fieldConfigRegistry,
  }
  return applyFieldOverrides(options)[0]?.fields[0]
}

describe('field options', () => {
  it("gives a field the dashboard's unit, decimals and limits", () => {
    const field = apply({ unit: 'percent', decimals: 1, min: 0, max: 100 })
    expect(field?.config).toMatchObject({ unit: 'percent', decimals: 1, min: 0, max: 100 })
    expect(field?.display?.(12.34)).toMatchObject({ text: '12.3', suffix: '%' })
  })

  it('colours a value by its thresholds and its mappings', () => {
    const thresholds = {
      mode: 'absolute',
      steps: [
        { value: Number.NEGATIVE_INFINITY, color: '#00ff00' },
        { value: 90, color: '#ff0000' },
      ],
    }
    const mappings = [{ type: 'value', options: { 0: { text: 'none' } } }]
    const field = apply({ color: { mode: 'thresholds' }, thresholds, mappings })
    expect(field?.display?.(95)?.color).toBe('#ff0000')
    expect(field?.display?.(10)?.color).toBe('#00ff00')
    expect(field?.display?.(0)?.text).toBe('none')
  })

  it("lets an override win, also for the panel's own options, and fills variables into names", () => {
    const field = apply({ custom: { fillOpacity: 5 } }, [
      { id: 'custom.fillOpacity', value: 40 },
      { id: 'displayName', value: 'on $host' },
    ])
    expect(field?.config).toMatchObject({ displayName: 'on atlas', custom: { fillOpacity: 40 } })
    expect(timeseriesPanel.fieldConfigDefaults.defaults.custom).toMatchObject({ fillOpacity: 0, lineWidth: 1 })
  })
})

describe('transformers', () => {
  it('lists every transformation of the data package once', async () => {
    const items = listTransformers()
    const ids = items.map((item) => item.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toEqual(expect.arrayContaining(Object.values(standardTransformers).map((one) => one.id)))
    expect((await items[0]?.transformation())?.operator).toBeTypeOf('function')
  })
})
