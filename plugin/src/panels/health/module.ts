import { FieldConfigProperty, PanelPlugin } from '@grafana/data'
import { HealthPanel } from './HealthPanel.tsx'
import { defaultOptions, type HealthOptions, migrateOptions } from './options.ts'
import { suggestHealth } from './suggestions.ts'

export const plugin = new PanelPlugin<HealthOptions>(HealthPanel)
  .setNoPadding()
  .useFieldConfig({
    disableStandardOptions: [FieldConfigProperty.Thresholds, FieldConfigProperty.Color, FieldConfigProperty.Min, FieldConfigProperty.Max],
  })
  .setPanelOptions((builder) => {
    builder
      .addBooleanSwitch({ path: 'showSummary', name: 'Overall status', defaultValue: defaultOptions.showSummary })
      .addRadio({
        path: 'sort',
        name: 'Order',
        defaultValue: defaultOptions.sort,
        settings: {
          options: [
            { value: 'worst', label: 'Worst first' },
            { value: 'name', label: 'By name' },
          ],
        },
      })
      .addBooleanSwitch({
        path: 'onlyProblems',
        name: 'Only problems',
        description: 'Leaves out components that are up or in maintenance everywhere.',
        defaultValue: defaultOptions.onlyProblems,
      })
      .addBooleanSwitch({ path: 'showLatency', name: 'Latency', defaultValue: defaultOptions.showLatency })
      .addBooleanSwitch({ path: 'showSince', name: 'Age of the state', defaultValue: defaultOptions.showSince })
      .addSliderInput({
        path: 'rowHeight',
        name: 'Row height',
        defaultValue: defaultOptions.rowHeight,
        settings: { min: 24, max: 120, step: 4 },
      })
      .addNumberInput({
        path: 'labelWidth',
        name: 'Label width',
        description: 'Pixels; 0 fits the panel.',
        defaultValue: defaultOptions.labelWidth,
        settings: { min: 0, max: 600, integer: true },
      })
  })
  .setMigrationHandler((panel) => migrateOptions(panel.options))
  .setSuggestionsSupplier(suggestHealth)
