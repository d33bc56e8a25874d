import { FieldConfigProperty, PanelPlugin } from '@grafana/data'
import { DeploymentsPanel } from './DeploymentsPanel.tsx'
import { type DeploymentsOptions, defaultOptions, migrateOptions } from './options.ts'
import { suggestDeployments } from './suggestions.ts'

export const plugin = new PanelPlugin<DeploymentsOptions>(DeploymentsPanel)
  .setNoPadding()
  .useFieldConfig({
    disableStandardOptions: [FieldConfigProperty.Thresholds, FieldConfigProperty.Color, FieldConfigProperty.Min, FieldConfigProperty.Max],
  })
  .setPanelOptions((builder) => {
    builder
      .addRadio({
        path: 'view',
        name: 'View',
        description: 'A panel too small for both shows what fits.',
        defaultValue: defaultOptions.view,
        settings: {
          options: [
            { value: 'both', label: 'Both' },
            { value: 'timeline', label: 'Timeline' },
            { value: 'list', label: 'List' },
          ],
        },
      })
      .addBooleanSwitch({ path: 'showVersions', name: 'Versions on the timeline', defaultValue: defaultOptions.showVersions })
      .addNumberInput({
        path: 'labelWidth',
        name: 'Label width',
        description: 'Pixels; 0 fits the panel.',
        defaultValue: defaultOptions.labelWidth,
        settings: { min: 0, max: 600, integer: true },
      })
  })
  .setMigrationHandler((panel) => migrateOptions(panel.options))
  .setSuggestionsSupplier(suggestDeployments)
