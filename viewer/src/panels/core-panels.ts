import type { PanelPlugin } from '@grafana/data'

type Load = () => Promise<PanelPlugin>

const lazy =
  <Name extends string>(load: () => Promise<Record<Name, PanelPlugin>>, name: Name): Load =>
  async () =>
    (await load())[name]

/** The panels Grafana brings itself, by the ids dashboards use; written here from the public packages. */
export const corePanels: Readonly<Record<string, Load>> = {
  bargauge: lazy(() => import('./bar-gauge.tsx'), 'barGaugePanel'),
  gauge: lazy(() => import('./gauge.tsx'), 'gaugePanel'),
  stat: lazy(() => import('./stat.tsx'), 'statPanel'),
  table: lazy(() => import('./table.tsx'), 'tablePanel'),
  text: lazy(() => import('./text.tsx'), 'textPanel'),
  timeseries: lazy(() => import('./timeseries/plugin.ts'), 'timeseriesPanel'),
}
