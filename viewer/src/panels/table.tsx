import { css } from '@emotion/css'
import { cacheFieldDisplayNames, type DataFrame, getFrameDisplayName, PanelPlugin, type PanelProps } from '@grafana/data'
import { TableCellDisplayMode, TableCellHeight, type TableFieldOptions, type TableSortByFieldState } from '@grafana/schema'
import { Combobox, usePanelContext } from '@grafana/ui'
import { TableNG } from '@grafana/ui/unstable'
import { useMemo } from 'react'
import { addCustomFields } from './custom-fields.ts'
import { PanelMessage } from './PanelMessage.tsx'
import { setDefaultOptions } from './panel-options.ts'

type TableOptions = {
  frameIndex: number
  showHeader: boolean
  showTypeIcons: boolean
  cellHeight: TableCellHeight
  sortBy: TableSortByFieldState[]
  enablePagination: boolean
  frozenColumns: { left?: number }
  maxRowHeight?: number
}

const defaults: TableOptions = {
  frameIndex: 0,
  showHeader: true,
  showTypeIcons: false,
  cellHeight: TableCellHeight.Sm,
  sortBy: [],
  enablePagination: false,
  frozenColumns: {},
}

const fieldDefaults = {
  align: 'auto',
  cellOptions: { type: TableCellDisplayMode.Auto },
  width: undefined,
  minWidth: undefined,
  filterable: undefined,
  inspect: false,
  wrapHeaderText: undefined,
  wrapText: undefined,
  footer: { reducers: [] },
  hideFrom: { viz: false },
  tooltip: undefined,
}

const pickerHeight = 40

/** Grafana's "Table"; of several frames one is shown, and the person chooses which. */
function TablePanel(props: PanelProps<TableOptions>) {
  const { data, options, width, height, fieldConfig, timeRange, transparent, onOptionsChange } = props
  const { onAddAdHocFilter } = usePanelContext()
  // The table reads names from this cache; without it a renamed column keeps the name of its field.
  useMemo(() => cacheFieldDisplayNames(data.series), [data.series])
  const frames = data.series
  const current = Math.min(Math.max(0, options.frameIndex), frames.length - 1)
  const frame = frames[current]
  if (!frame || frame.fields.length === 0) return <PanelMessage data={data} noValue={fieldConfig.defaults.noValue} />
  const hasPicker = frames.length > 1
  return (
    <>
      <TableNG
        ariaLabel={props.title}
        data={frame}
        width={width}
        height={hasPicker ? height - pickerHeight : height}
        noHeader={!options.showHeader}
        showTypeIcons={options.showTypeIcons}
        cellHeight={options.cellHeight}
        sortBy={options.sortBy}
        enablePagination={options.enablePagination}
        frozenColumns={options.frozenColumns?.left ?? 0}
        structureRev={data.structureRev}
        fieldConfig={fieldConfig}
        timeRange={timeRange}
        transparent={transparent}
        noValue={fieldConfig.defaults.noValue}
        resizable
        onSortByChange={(sortBy) => onOptionsChange({ ...options, sortBy })}
        {...(options.maxRowHeight !== undefined && { maxRowHeight: options.maxRowHeight })}
        {...(onAddAdHocFilter && { onCellFilterAdded: onAddAdHocFilter })}
      />
      {hasPicker && <FramePicker frames={frames} current={current} onPick={(frameIndex) => onOptionsChange({ ...options, frameIndex })} />}
    </>
  )
}

type FramePickerProps = { frames: DataFrame[]; current: number; onPick: (index: number) => void }

function FramePicker({ frames, current, onPick }: FramePickerProps) {
  const names = frames.map((frame, value) => ({ label: getFrameDisplayName(frame), value }))
  return (
    <div className={pickerClass}>
      <Combobox aria-label="Series in this table" options={names} value={current} onChange={({ value }) => onPick(value)} />
    </div>
  )
}

const pickerClass = css({ paddingTop: 8 })

// biome-ignore lint/correctness/useHookAtTopLevel: `useFieldConfig` is a method of PanelPlugin, not a hook.
const plugin = new PanelPlugin<TableOptions, TableFieldOptions>(TablePanel).useFieldConfig({
  useCustomConfig: (builder) => addCustomFields(builder, fieldDefaults),
})
export const tablePanel = setDefaultOptions(plugin, defaults)
