import { PanelPlugin, type PanelProps } from '@grafana/data'
import { BigValue, BigValueColorMode, BigValueGraphMode, BigValueJustifyMode, BigValueTextMode, useTheme2 } from '@grafana/ui'
import { type DrawValue, type SingleValueOptions, singleValueDefaults, Values } from './display-values.tsx'
import { setDefaultOptions } from './panel-options.ts'

type StatOptions = SingleValueOptions & {
  colorMode: BigValueColorMode
  graphMode: BigValueGraphMode
  justifyMode: BigValueJustifyMode
  textMode: BigValueTextMode
  wideLayout: boolean
  showPercentChange: boolean
}

const defaults: StatOptions = {
  ...singleValueDefaults,
  colorMode: BigValueColorMode.Value,
  graphMode: BigValueGraphMode.Area,
  justifyMode: BigValueJustifyMode.Auto,
  textMode: BigValueTextMode.Auto,
  wideLayout: true,
  showPercentChange: false,
}

/** Grafana's "Stat": one large value for each series, with its course behind it. */
function StatPanel(panel: PanelProps<StatOptions>) {
  const theme = useTheme2()
  const { options, data } = panel
  const draw: DrawValue = ({ value, width, height, alignmentFactors, count }, onClick) => (
    <BigValue
      theme={theme}
      value={value.display}
      width={width}
      height={height}
      count={count}
      colorMode={options.colorMode}
      graphMode={options.graphMode}
      justifyMode={options.justifyMode}
      textMode={options.textMode}
      disableWideLayout={!options.wideLayout}
      alignmentFactors={alignmentFactors}
      hasLinks={value.hasLinks}
      {...(options.text && { text: options.text })}
      {...(value.sparkline && { sparkline: { ...value.sparkline, timeRange: data.timeRange } })}
      {...(onClick && { onClick })}
    />
  )
  return (
    <Values
      panel={panel}
      draw={draw}
      autoGrid
      sparkline={options.graphMode !== BigValueGraphMode.None}
      percentChange={options.showPercentChange}
    />
  )
}

// biome-ignore lint/correctness/useHookAtTopLevel: `useFieldConfig` is a method of PanelPlugin, not a hook.
export const statPanel = setDefaultOptions(new PanelPlugin<StatOptions>(StatPanel).useFieldConfig(), defaults)
