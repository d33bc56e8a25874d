import type { FieldConfigEditorBuilder } from '@grafana/data'
import { NoEditor } from '../registries/editors.ts'

/** Makes a panel keep these custom options of its fields; without a name here an option of the dashboard is ignored. */
export function addCustomFields<T>(builder: FieldConfigEditorBuilder<T>, defaults: Readonly<Record<string, unknown>>) {
  for (const [path, defaultValue] of Object.entries(defaults)) {
    builder.addCustomEditor({
      id: path,
      path: path as never,
      name: path,
      editor: NoEditor,
      override: NoEditor,
      process: (value) => value,
      shouldApply: () => true,
      ...(defaultValue !== undefined && { defaultValue: defaultValue as never }),
    })
  }
}
