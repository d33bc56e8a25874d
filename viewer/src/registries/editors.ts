import { type StandardEditorsRegistryItem, standardEditorsRegistry } from '@grafana/data'

/** Panels name the editors of their options; this page shows no editors, but the names must exist. */
const editorIds = [
  'actions',
  'boolean',
  'color',
  'dashboard-uid',
  'data-link',
  'field-name',
  'fieldColor',
  'links',
  'mappings',
  'multi-select',
  'number',
  'radio',
  'select',
  'slider',
  'stats-picker',
  'strings',
  'text',
  'thresholds',
  'timezone',
  'unit',
  'view',
] as const

/** Stands for an option editor. Options are changed in the dashboard's file. */
export function NoEditor() {
  return null
}

export function registerEditors() {
  standardEditorsRegistry.setInit(() => editorIds.map((id): StandardEditorsRegistryItem => ({ id, name: id, editor: NoEditor })))
}
