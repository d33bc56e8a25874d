import type { DataTransformerConfig, FieldConfigSource } from '@grafana/data'
import { SceneDataTransformer, SceneQueryRunner, type VizPanel } from '@grafana/scenes'
import type { Panel } from '@grafana/schema'
import { CancelQuery, DashboardPanel } from './dashboard-panel.tsx'
import { PanelLinks } from './panel-links.tsx'

/** Panels that show no data. */
const withoutData = new Set(['text', 'row', 'dashlist', 'welcome'])

export function toVizPanel(panel: Panel): VizPanel {
  const title = panel.title ?? ''
  return new DashboardPanel({
    key: `panel-${panel.id}`,
    title,
    pluginId: panel.type,
    options: panel.options ?? {},
    // The data and the schema package each declare these types; the files are the same.
    fieldConfig: (panel.fieldConfig as FieldConfigSource | undefined) ?? { defaults: {}, overrides: [] },
    displayMode: panel.transparent ? 'transparent' : 'default',
    hoverHeader: title === '',
    ...(panel.description && { description: panel.description }),
    ...(panel.pluginVersion && { pluginVersion: panel.pluginVersion }),
    titleItems: [...(panel.links?.length ? [new PanelLinks({ links: panel.links })] : []), new CancelQuery({})],
    ...(!withoutData.has(panel.type) && { $data: toData(panel) }),
  })
}

function toData(panel: Panel): SceneDataTransformer {
  return new SceneDataTransformer({
    transformations: (panel.transformations ?? []) as DataTransformerConfig[],
    $data: new SceneQueryRunner({
      queries: (panel.targets ?? []).map((target, index) => ({ refId: String.fromCharCode(65 + index), ...target })),
      maxDataPointsFromWidth: panel.maxDataPoints === undefined,
      ...(panel.datasource && { datasource: panel.datasource }),
      ...(panel.maxDataPoints !== undefined && { maxDataPoints: panel.maxDataPoints }),
      ...(panel.interval && { minInterval: panel.interval }),
    }),
  })
}
