import { FieldConfigProperty, PanelPlugin } from '@grafana/data'
import { AlertsPanel } from './AlertsPanel.tsx'
import { type AlertsOptions, defaultOptions, migrateOptions } from './options.ts'
import { suggestAlerts } from './suggestions.ts'

export const plugin = new PanelPlugin<AlertsOptions>(AlertsPanel)
  .setNoPadding()
  .useFieldConfig({
    disableStandardOptions: [FieldConfigProperty.Thresholds, FieldConfigProperty.Color, FieldConfigProperty.Min, FieldConfigProperty.Max],
  })
  .setPanelOptions((builder) => {
    builder
      .addRadio({
        path: 'groupBy',
        name: 'Group by',
        defaultValue: defaultOptions.groupBy,
        settings: {
          options: [
            { value: 'severity', label: 'Severity' },
            { value: 'state', label: 'State' },
            { value: 'rule', label: 'Rule' },
            { value: 'none', label: 'None' },
          ],
        },
      })
      .addBooleanSwitch({ path: 'showFilters', name: 'Filters', defaultValue: defaultOptions.showFilters })
      .addBooleanSwitch({
        path: 'showActions',
        name: 'Actions',
        description: 'Acknowledge and resolve, for those who may.',
        defaultValue: defaultOptions.showActions,
      })
      .addBooleanSwitch({ path: 'showResolved', name: 'Resolved alerts', defaultValue: defaultOptions.showResolved })
      .addTextInput({
        path: 'labels',
        name: 'Labels in the row',
        description: 'Names separated by commas; all of them when empty.',
        defaultValue: defaultOptions.labels,
        settings: { placeholder: 'service, environment' },
      })
  })
  .setMigrationHandler((panel) => migrateOptions(panel.options))
  .setSuggestionsSupplier(suggestAlerts)
