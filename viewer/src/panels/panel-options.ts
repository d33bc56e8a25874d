import type { PanelPlugin } from '@grafana/data'
import { NoEditor } from '../registries/editors.ts'

/** Gives a panel the values its options have when the dashboard does not name them. */
export function setDefaultOptions<T extends object, F extends object>(plugin: PanelPlugin<T, F>, defaults: T): PanelPlugin {
  plugin.setPanelOptions((builder) => {
    for (const [path, defaultValue] of Object.entries(defaults)) {
      builder.addCustomEditor({ id: path, path: path as never, name: path, editor: NoEditor, defaultValue: defaultValue as never })
    }
  })
  return plugin as unknown as PanelPlugin
}
