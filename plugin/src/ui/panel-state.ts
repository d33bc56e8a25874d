import { LoadingState, type PanelData } from '@grafana/data'

export type PanelState = { kind: 'ready'; error?: string } | { kind: 'loading' } | { kind: 'failed'; message: string }

/** What a panel should show: its rows whenever there are any, even while an update runs or failed. */
export function toPanelState(data: PanelData, hasRows: boolean): PanelState {
  const error = errorOf(data)
  if (hasRows) return error === undefined ? { kind: 'ready' } : { kind: 'ready', error }
  if (error !== undefined) return { kind: 'failed', message: error }
  if (data.state === LoadingState.NotStarted) return { kind: 'loading' }
  return data.state === LoadingState.Loading && data.series.length === 0 ? { kind: 'loading' } : { kind: 'ready' }
}

/** Gives the last rows there were while an update fails: what may be old is worth more than nothing. */
export function createSeriesKeeper(): (data: PanelData) => PanelData['series'] {
  let last: PanelData['series'] = []
  return (data) => {
    const hasFailed = errorOf(data) !== undefined
    if (!hasFailed || data.series.length > 0) last = data.series
    return last
  }
}

/** What the data themselves warn of, each once. */
export function toWarnings({ series }: Pick<PanelData, 'series'>): string[] {
  const notices = series.flatMap(({ meta }) => meta?.notices ?? [])
  return [...new Set(notices.filter(({ severity }) => severity === 'warning').map(({ text }) => text))]
}

function errorOf(data: PanelData): string | undefined {
  const errors = data.errors ?? []
  if (errors.length === 0) return data.state === LoadingState.Error ? 'The query failed.' : undefined
  return errors.map((error) => error.message ?? error.data?.message ?? 'The query failed.').join(' ')
}
