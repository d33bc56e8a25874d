import { dateTime, EventBusSrv, LoadingState, type PanelData, type PanelProps } from '@grafana/data'

export type PanelParts = Partial<PanelData> & { width?: number; height?: number; askedAt?: number; to?: number }

/** What Grafana gives a panel, with the given data. */
export function toPanelProps<T>(parts: PanelParts, options: T): PanelProps<T> {
  const { width = 1000, height = 500, to = Date.now(), askedAt = to, ...data } = parts
  const timeRange = {
    from: dateTime(to - 6 * 3_600_000),
    to: dateTime(to),
    raw: { from: 'now-6h', to: parts.to === undefined ? 'now' : dateTime(to) },
  }
  const request = { startTime: askedAt, targets: [{ refId: 'A', datasource: { uid: 'tw', type: 'tidewatch-monitoring-datasource' } }] }
  return {
    id: 1,
    title: 'Panel',
    data: { state: LoadingState.Done, series: [], timeRange, request: request as never, ...data },
    timeRange,
    timeZone: 'utc',
    options,
    width,
    height,
    transparent: false,
    fieldConfig: { defaults: {}, overrides: [] },
    renderCounter: 0,
    eventBus: new EventBusSrv(),
    onOptionsChange: () => undefined,
    onFieldConfigChange: () => undefined,
    replaceVariables: (text: string) => text,
    onChangeTimeRange: () => undefined,
  }
}
