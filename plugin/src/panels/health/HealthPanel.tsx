import type { PanelProps } from '@grafana/data'
import { useMemo } from 'react'
import { toDrawnRange } from '../../ui/drawn-range.ts'
import { PanelFrame } from '../../ui/PanelFrame.tsx'
import { PanelMessage } from '../../ui/PanelMessage.tsx'
import { HealthMatrix } from './HealthMatrix.tsx'
import { HealthStrips } from './HealthStrips.tsx'
import { toStrips } from './history.ts'
import type { HealthOptions } from './options.ts'
import { isHistory, toMatrix } from './view-model.ts'

export function HealthPanel(props: PanelProps<HealthOptions>) {
  const { data, width, height } = props
  const history = isHistory(data.series)
  const hasRows = data.series.some((frame) => frame.length > 0)
  return (
    <PanelFrame data={data} hasRows={hasRows} width={width} height={height}>
      {!hasRows && (
        <PanelMessage title="No components" glyph="info">
          The query found none. Add a probe under <code>health</code> in the collector's configuration, or widen the query's filters.
        </PanelMessage>
      )}
      {hasRows && (history ? <HistoryView {...props} /> : <MatrixView {...props} />)}
    </PanelFrame>
  )
}

function MatrixView({ data, options, width }: PanelProps<HealthOptions>) {
  const { sort, onlyProblems } = options
  const matrix = useMemo(() => toMatrix(data.series, { sort, onlyProblems }), [data.series, sort, onlyProblems])
  return <HealthMatrix matrix={matrix} options={options} width={width} now={useArrival(data)} />
}

function HistoryView({ data, options, timeRange, timeZone, width }: PanelProps<HealthOptions>) {
  const now = useArrival(data)
  const { from, to } = toDrawnRange(timeRange, now)
  const strips = useMemo(() => toStrips(data.series, { from, to }, now), [data.series, from, to, now])
  return <HealthStrips strips={strips} options={options} range={{ from, to }} timeZone={timeZone} width={width} />
}

/** When these data came in: ages count from there and stand still in between. */
function useArrival(data: unknown): number {
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new time for new data is the point.
  return useMemo(() => Date.now(), [data])
}
