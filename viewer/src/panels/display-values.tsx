import {
  type FieldDisplay,
  getDisplayValueAlignmentFactors,
  getFieldDisplayValues,
  type PanelProps,
  type ReduceDataOptions,
} from '@grafana/data'
import { VizOrientation } from '@grafana/schema'
import { DataLinksContextMenu, useTheme2, VizRepeater, type VizRepeaterRenderValueProps } from '@grafana/ui'
import { type ReactElement, useCallback } from 'react'
import { PanelMessage } from './PanelMessage.tsx'

export type SingleValueOptions = {
  reduceOptions: ReduceDataOptions
  orientation: VizOrientation
  text?: { titleSize?: number; valueSize?: number }
}

export const singleValueDefaults: SingleValueOptions = {
  reduceOptions: { values: false, calcs: ['lastNotNull'], fields: '' },
  orientation: VizOrientation.Auto,
}

/** What draws one value; `onClick` opens its links when it has several. */
export type DrawValue = (
  props: VizRepeaterRenderValueProps<FieldDisplay, ReturnType<typeof getDisplayValueAlignmentFactors>>,
  onClick?: (event: React.MouseEvent<HTMLElement>) => void,
) => ReactElement

type ValuesProps<T extends SingleValueOptions> = {
  panel: PanelProps<T>
  draw: DrawValue
  sparkline?: boolean
  percentChange?: boolean
  autoGrid?: boolean
  minVizHeight?: number
  maxVizHeight?: number
}

/** Reduces every series to a value, or shows every row, and gives each its place. */
export function Values<T extends SingleValueOptions>({ panel, draw, sparkline, percentChange, ...layout }: ValuesProps<T>) {
  const { data, width, height, options, fieldConfig, replaceVariables, renderCounter, timeZone } = panel
  const theme = useTheme2()
  const getValues = useCallback(
    () =>
      getFieldDisplayValues({
        fieldConfig,
        reduceOptions: options.reduceOptions,
        replaceVariables,
        theme,
        data: data.series,
        timeZone,
        sparkline: sparkline === true,
        percentChange: percentChange === true,
      }),
    [fieldConfig, options.reduceOptions, replaceVariables, theme, data.series, timeZone, sparkline, percentChange],
  )
  const noValue = fieldConfig.defaults.noValue
  // What stands for no value, such as 0, must not stand for a failure.
  const hasFailed = (data.errors?.length ?? 0) > 0
  if (data.series.length === 0 && (hasFailed || !noValue)) return <PanelMessage data={data} />
  return (
    <VizRepeater
      getValues={getValues}
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      renderValue={(props) => <LinkedValue {...props} draw={draw} />}
      width={width}
      height={height}
      source={data}
      itemSpacing={3}
      renderCounter={renderCounter}
      orientation={options.orientation}
      {...layout}
    />
  )
}

type LinkedValueProps = Parameters<DrawValue>[0] & { draw: DrawValue }

function LinkedValue({ draw, ...props }: LinkedValueProps) {
  const { hasLinks, getLinks } = props.value
  if (!hasLinks || !getLinks) return draw(props)
  return (
    <DataLinksContextMenu links={getLinks} style={{ flexGrow: 1 }}>
      {(api) => draw(props, api.openMenu)}
    </DataLinksContextMenu>
  )
}
