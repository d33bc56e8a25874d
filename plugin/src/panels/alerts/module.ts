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
            { value: 'label', label: 'Label' },
            { value: 'none', label: 'None' },
          ],
        },
      })
      .addTextInput({
        path: 'groupLabel',
        name: 'Group by this label',
        defaultValue: defaultOptions.groupLabel,
        settings: { placeholder: 'service' },
        showIf: ({ groupBy }) => groupBy === 'label',
      })
      .addBooleanSwitch({ path: 'showFilters', name: 'Filters', defaultValue: defaultOptions.showFilters })
      .addBooleanSwitch({
        path: 'showActions',
        name: 'Actions',
        description: 'Acknowledge, silence and resolve, for those who may.',
        defaultValue: defaultOptions.showActions,
      })
      .addBooleanSwitch({
        path: 'showReplay',
        name: 'Replay',
        description: "What these rules, or others, would have sent in the dashboard's time range.",
        defaultValue: defaultOptions.showReplay,
      })
      .addBooleanSwitch({ path: 'showResolved', name: 'Resolved alerts', defaultValue: defaultOptions.showResolved })
      .addBooleanSwitch({
        path: 'showSuppressed',
        name: 'Suppressed alerts',
        description: 'Those that are silenced, inhibited or muted; readers can still toggle them.',
        defaultValue: defaultOptions.showSuppressed,
      })
      .addTextInput({
        path: 'labels',
        name: 'Labels in the row and in the filter',
        description: 'Names separated by commas; all of them when empty.',
        defaultValue: defaultOptions.labels,
        settings: { placeholder: 'service, environment' },
      })
  })
  .setMigrationHandler((panel) => migrateOptions(panel.options))
  .setSuggestionsSupplier(suggestAlerts)
