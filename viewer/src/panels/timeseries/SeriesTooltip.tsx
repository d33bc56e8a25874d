import type { DataFrame, Field, LinkModel } from '@grafana/data'
import type { SortOrder, TooltipDisplayMode } from '@grafana/schema'
import {
  getFieldDisplayItems,
  getFieldDisplayLinks,
  isTooltipScrollable,
  VizTooltipContent,
  VizTooltipFooter,
  VizTooltipHeader,
  VizTooltipWrapper,
} from '@grafana/ui'

type SeriesTooltipProps = {
  frame: DataFrame
  dataIdxs: (number | null)[]
  seriesIdx: number | null
  mode: TooltipDisplayMode
  sortOrder: SortOrder
  hideZeros?: boolean | undefined
  maxHeight?: number | undefined
  isPinned: boolean
}

/** The values under the cursor; a click pins it, and then its links can be followed. */
export function SeriesTooltip({ frame, dataIdxs, seriesIdx, mode, sortOrder, hideZeros, maxHeight, isPinned }: SeriesTooltipProps) {
  const time = frame.fields[0]
  if (!time) return null
  const timeIdx = dataIdxs[0] ?? dataIdxs.find((index) => index !== null) ?? 0
  const label = time.display?.(time.values[timeIdx]).text ?? ''
  const visible = (field: Field) => !field.config.custom?.hideFrom?.tooltip
  const items = getFieldDisplayItems(frame.fields, time, dataIdxs, seriesIdx, mode, sortOrder, visible, hideZeros)
  const scrolls = isTooltipScrollable({ mode, ...(maxHeight !== undefined && { maxHeight }) })
  return (
    <VizTooltipWrapper>
      <VizTooltipHeader item={{ label: '', value: label }} isPinned={isPinned} />
      <VizTooltipContent items={items} isPinned={isPinned} scrollable={scrolls} maxHeight={maxHeight} />
      {isPinned && <VizTooltipFooter dataLinks={listLinks(frame, dataIdxs, seriesIdx)} />}
    </VizTooltipWrapper>
  )
}

function listLinks(frame: DataFrame, dataIdxs: (number | null)[], seriesIdx: number | null): LinkModel<Field>[] {
  if (seriesIdx === null) return []
  const field = frame.fields[seriesIdx]
  const row = dataIdxs[seriesIdx]
  return field && row !== null && row !== undefined ? getFieldDisplayLinks(field, row) : []
}
