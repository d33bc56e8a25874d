import {
  booleanOverrideProcessor,
  dataLinksOverrideProcessor,
  displayNameOverrideProcessor,
  type Field,
  type FieldConfigPropertyItem,
  FieldType,
  identityOverrideProcessor,
  numberOverrideProcessor,
  standardFieldConfigEditorRegistry,
  stringOverrideProcessor,
  thresholdsOverrideProcessor,
  unitOverrideProcessor,
  valueMappingsOverrideProcessor,
} from '@grafana/data'
import { NoEditor } from './editors.ts'

type Processor = FieldConfigPropertyItem['process']

const isNumeric = (field: Field) => field.type === FieldType.number
const isAny = () => true

/** The standard options of a field, as dashboards write them under `fieldConfig.defaults`. */
const properties: [id: string, process: Processor, shouldApply: (field: Field) => boolean, defaultValue?: unknown][] = [
  ['displayName', displayNameOverrideProcessor as Processor, isAny],
  ['unit', unitOverrideProcessor as Processor, isAny],
  ['min', numberOverrideProcessor as Processor, isNumeric],
  ['max', numberOverrideProcessor as Processor, isNumeric],
  ['fieldMinMax', booleanOverrideProcessor as Processor, isNumeric],
  ['decimals', numberOverrideProcessor as Processor, isNumeric],
  ['noValue', stringOverrideProcessor as Processor, isAny],
  ['color', identityOverrideProcessor as Processor, isAny],
  [
    'thresholds',
    thresholdsOverrideProcessor as Processor,
    isAny,
    { mode: 'absolute', steps: [{ value: Number.NEGATIVE_INFINITY, color: 'green' }] },
  ],
  ['mappings', valueMappingsOverrideProcessor as Processor, isAny, []],
  ['links', dataLinksOverrideProcessor as Processor, isAny],
  ['actions', identityOverrideProcessor as Processor, isAny],
  ['filterable', booleanOverrideProcessor as Processor, isAny],
]

const expanded = new Set(['displayName', 'noValue'])

export function registerFieldConfig() {
  standardFieldConfigEditorRegistry.setInit(() =>
    properties.map(
      ([id, process, shouldApply, defaultValue]): FieldConfigPropertyItem => ({
        id,
        path: id,
        name: id,
        editor: NoEditor,
        override: NoEditor,
        process,
        shouldApply,
        category: ['Standard options'],
        ...(defaultValue !== undefined && { defaultValue }),
        ...(expanded.has(id) && { settings: { expandTemplateVars: true } }),
      }),
    ),
  )
}
