import type { PanelProps } from '@grafana/data'
import { useMemo, useState } from 'react'
import { toDrawnRange } from '../../ui/drawn-range.ts'
import { PanelFrame } from '../../ui/PanelFrame.tsx'
import { PanelMessage } from '../../ui/PanelMessage.tsx'
import { DeploymentDetails } from './DeploymentDetails.tsx'
import { DeploymentList } from './DeploymentList.tsx'
import { DeploymentTimeline } from './DeploymentTimeline.tsx'
import type { DeploymentsOptions, View } from './options.ts'
import { toDeployments } from './view-model.ts'

const detailsWidth = 340
const timelineWidthMin = 460
const bothHeightMin = 280

export function DeploymentsPanel({ data, options, width, height, timeRange, timeZone }: PanelProps<DeploymentsOptions>) {
  const rows = useMemo(() => toDeployments(data.series), [data.series])
  // biome-ignore lint/correctness/useExhaustiveDependencies: running deployments reach to the moment these data came.
  const now = useMemo(() => Date.now(), [data])
  const [selectedId, setSelectedId] = useState<string>()
  const selected = rows.find((row) => row.id === selectedId)
  const beside = width >= 900
  const room = selected && beside ? width - detailsWidth : width
  const view = fitView(options.view, room, height)
  const select = (id: string) => setSelectedId((before) => (before === id ? undefined : id))
  const range = toDrawnRange(timeRange, now)

  return (
    <PanelFrame data={data} hasRows={rows.length > 0} width={width} height={height}>
      {rows.length === 0 ? (
        <PanelMessage title="No deployments in this time range" glyph="info">
          Record one with <code>POST /api/v1/deployments</code>, or widen the range.
        </PanelMessage>
      ) : (
        <div style={{ flex: 1, minHeight: 0, display: 'flex', flexDirection: beside ? 'row' : 'column' }}>
          <div style={{ flex: 1, minHeight: 0, minWidth: 0, display: 'flex', flexDirection: 'column' }}>
            {view !== 'list' && (
              <DeploymentTimeline
                rows={rows}
                range={range}
                now={now}
                width={room}
                timeZone={timeZone}
                options={options}
                fill={view === 'timeline'}
                selectedId={selectedId}
                onSelect={select}
              />
            )}
            {view !== 'timeline' && (
              <DeploymentList rows={rows} now={now} width={room} timeZone={timeZone} selectedId={selectedId} onSelect={select} />
            )}
          </div>
          {selected && (
            <DeploymentDetails
              row={selected}
              now={now}
              timeZone={timeZone}
              width={beside ? detailsWidth : undefined}
              onClose={() => setSelectedId(undefined)}
            />
          )}
        </div>
      )}
    </PanelFrame>
  )
}

/** A timeline needs width, and both need height; a list fits everywhere. */
export function fitView(asked: View, width: number, height: number): View {
  if (width < timelineWidthMin) return 'list'
  return asked === 'both' && height < bothHeightMin ? 'timeline' : asked
}
