import { behaviors, SceneRefreshPicker, SceneTimePicker, SceneTimeRange, VariableValueSelectors } from '@grafana/scenes'
import { type Dashboard, type DashboardCursorSync, defaultDashboard } from '@grafana/schema'
import { AnnotationSwitches } from './annotation-switches.tsx'
import { toAnnotationLayers } from './annotations.ts'
import { DashboardScene } from './dashboard-scene.tsx'
import { toGridLayout } from './layout.ts'
import { listUnsupported } from './unsupported.ts'
import { toVariableSet } from './variables.ts'

const refreshIntervals = ['5s', '10s', '30s', '1m', '5m', '15m', '1h']

/** Turns a classic dashboard, the JSON that Grafana provisions from files, into a scene. */
export function toScene(dashboard: Dashboard): DashboardScene {
  const { variables, unknown } = toVariableSet(dashboard.templating?.list ?? [])
  return new DashboardScene({
    key: `dashboard-${dashboard.uid}`,
    uid: dashboard.uid ?? '',
    title: dashboard.title ?? 'Untitled',
    links: dashboard.links ?? [],
    notices: listUnsupported(dashboard, unknown),
    $timeRange: toTimeRange(dashboard),
    $variables: variables,
    $data: toAnnotationLayers(dashboard.annotations),
    $behaviors: [new behaviors.CursorSync({ sync: (dashboard.graphTooltip ?? 0) as DashboardCursorSync })],
    controls: [new VariableValueSelectors({}), new AnnotationSwitches({})],
    timePicker: new SceneTimePicker({ isOnCanvas: true }),
    refreshPicker: new SceneRefreshPicker({
      refresh: typeof dashboard.refresh === 'string' ? dashboard.refresh : '',
      intervals: dashboard.timepicker?.refresh_intervals ?? refreshIntervals,
      isOnCanvas: true,
      // The button has no other name for those who cannot see its icon.
      withText: true,
    }),
    body: toGridLayout((dashboard.panels ?? []) as Parameters<typeof toGridLayout>[0]),
  })
}

function toTimeRange(dashboard: Dashboard): SceneTimeRange {
  const { from, to } = dashboard.time ?? defaultDashboard.time ?? { from: 'now-1h', to: 'now' }
  const zone = dashboard.timezone
  return new SceneTimeRange({
    from,
    to,
    ...(zone && zone !== 'browser' && { timeZone: zone }),
    ...(zone === 'browser' && { timeZone: 'browser' }),
  })
}
