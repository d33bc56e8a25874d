import { PanelPlugin, type PanelProps } from '@grafana/data'
import { BarGaugeDisplayMode, BarGaugeNamePlacement, BarGaugeValueMode } from '@grafana/schema'
import { BarGauge, useTheme2 } from '@grafana/ui'
import { type DrawValue, type SingleValueOptions, singleValueDefaults, Values } from './display-values.tsx'
import { setDefaultOptions } from './panel-options.ts'

type BarGaugeOptions = SingleValueOptions & {
  displayMode: BarGaugeDisplayMode
  valueMode: BarGaugeValueMode
  namePlacement: BarGaugeNamePlacement
  showUnfilled: boolean
  minVizHeight: number
  maxVizHeight: number
}

const defaults: BarGaugeOptions = {
  ...singleValueDefaults,
  displayMode: BarGaugeDisplayMode.Gradient,
  valueMode: BarGaugeValueMode.Color,
  namePlacement: BarGaugeNamePlacement.Auto,
  showUnfilled: true,
  minVizHeight: 16,
  maxVizHeight: 300,
}

/** Grafana's "Bar gauge": one bar for each series. */
function BarGaugePanel(panel: PanelProps<BarGaugeOptions>) {
  const theme = useTheme2()
  const { options } = panel
  const draw: DrawValue = ({ value, width, height, orientation, alignmentFactors }, onClick) => (
    <BarGauge
      theme={theme}
      value={value.display}
      field={value.field}
      width={width}
      height={height}
      orientation={orientation}
      displayMode={options.displayMode}
      valueDisplayMode={options.valueMode}
      namePlacement={options.namePlacement}
      showUnfilled={options.showUnfilled}
      alignmentFactors={alignmentFactors}
      itemSpacing={10}
      lcdCellWidth={12}
      {...(value.view && value.colIndex !== undefined && { display: value.view.getFieldDisplayProcessor(value.colIndex) })}
      {...(options.text && { text: options.text })}
      {...(onClick && { onClick })}
    />
  )
  return <Values panel={panel} draw={draw} minVizHeight={options.minVizHeight} maxVizHeight={options.maxVizHeight} />
}

// biome-ignore lint/correctness/useHookAtTopLevel: `useFieldConfig` is a method of PanelPlugin, not a hook.
export const barGaugePanel = setDefaultOptions(new PanelPlugin<BarGaugeOptions>(BarGaugePanel).useFieldConfig(), defaults)
