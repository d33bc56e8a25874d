import { DashboardCursorSync, type DataFrame, type PanelProps } from '@grafana/data'
import { TooltipDisplayMode, type VizLegendOptions, type VizTooltipOptions } from '@grafana/schema'
import { KeyboardPlugin, TimeSeries, TooltipPlugin2, type UPlotConfigBuilder, usePanelContext } from '@grafana/ui'
import { useCallback, useMemo } from 'react'
import { PanelMessage } from '../PanelMessage.tsx'
import { AnnotationMarks } from './AnnotationMarks.tsx'
import { toGraphFrames } from './graph-frames.ts'
import { SeriesTooltip } from './SeriesTooltip.tsx'

export type TimeSeriesOptions = { legend: VizLegendOptions; tooltip: VizTooltipOptions; timezone?: string[] }

/** `TooltipHoverMode` is a const enum of the ui package, which has no value to import. */
const hoverModes = { one: 0, all: 1 } as const

/** Grafana's "Time series": lines, bars and points over time, with annotations, tooltip and zoom. */
export function TimeSeriesPanel(props: PanelProps<TimeSeriesOptions>) {
  const { data, options, width, height, timeRange, timeZone, fieldConfig } = props
  const frames = useMemo(() => toGraphFrames(data.series), [data.series])
  const zones = options.timezone?.length ? options.timezone.map((zone) => zone || timeZone) : timeZone
  if (frames.length === 0) {
    return <PanelMessage data={data} noValue={fieldConfig.defaults.noValue} needs="Data has no time field and number to draw" />
  }
  return (
    <TimeSeries
      frames={frames}
      structureRev={data.structureRev}
      timeRange={timeRange}
      timeZone={zones}
      width={width}
      height={height}
      legend={options.legend}
      options={options}
    >
      {(config, alignedFrame) => <Plugins {...props} config={config} frame={alignedFrame} />}
    </TimeSeries>
  )
}

type PluginsProps = PanelProps<TimeSeriesOptions> & { config: UPlotConfigBuilder; frame: DataFrame }

/** What a person touches: the keyboard cursor, the tooltip that also zooms, and the annotations. */
function Plugins({ config, frame, options, data, timeZone, onChangeTimeRange }: PluginsProps) {
  const { sync, eventsScope } = usePanelContext()
  const { mode, sort, hideZeros, maxHeight } = options.tooltip
  const zoom = useCallback((range: { from: number; to: number }) => onChangeTimeRange(range), [onChangeTimeRange])
  return (
    <>
      <KeyboardPlugin config={config} />
      {mode !== TooltipDisplayMode.None && (
        <TooltipPlugin2
          config={config}
          hoverMode={mode === TooltipDisplayMode.Single ? hoverModes.one : hoverModes.all}
          syncMode={sync?.() ?? DashboardCursorSync.Off}
          syncScope={eventsScope ?? ''}
          queryZoom={zoom}
          clientZoom
          render={(_plot, dataIdxs, seriesIdx, isPinned, _dismiss, _range, viaSync) => (
            <SeriesTooltip
              frame={frame}
              dataIdxs={dataIdxs}
              seriesIdx={seriesIdx}
              mode={viaSync ? TooltipDisplayMode.Multi : mode}
              sortOrder={sort}
              hideZeros={hideZeros}
              maxHeight={maxHeight}
              isPinned={isPinned}
            />
          )}
        />
      )}
      <AnnotationMarks config={config} frames={data.annotations ?? []} timeZone={timeZone} />
    </>
  )
}
