import { FieldColorModeId, FieldConfigProperty, PanelPlugin } from '@grafana/data'
import {
  AxisColorMode,
  AxisPlacement,
  GraphDrawStyle,
  type GraphFieldConfig,
  GraphGradientMode,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LineInterpolation,
  ScaleDistribution,
  SortOrder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
} from '@grafana/schema'
import { addCustomFields } from '../custom-fields.ts'
import { setDefaultOptions } from '../panel-options.ts'
import { type TimeSeriesOptions, TimeSeriesPanel } from './TimeSeriesPanel.tsx'

const fieldDefaults = {
  drawStyle: GraphDrawStyle.Line,
  lineInterpolation: LineInterpolation.Linear,
  lineWidth: 1,
  lineStyle: undefined,
  fillOpacity: 0,
  fillColor: undefined,
  fillBelowTo: undefined,
  gradientMode: GraphGradientMode.None,
  barAlignment: 0,
  barWidthFactor: 0.6,
  barMaxWidth: undefined,
  spanNulls: false,
  insertNulls: false,
  showPoints: VisibilityMode.Auto,
  showValues: false,
  pointSize: 5,
  pointColor: undefined,
  stacking: { mode: StackingMode.None, group: 'A' },
  thresholdsStyle: { mode: GraphThresholdsStyleMode.Off },
  transform: undefined,
  axisPlacement: AxisPlacement.Auto,
  axisLabel: '',
  axisWidth: undefined,
  axisGridShow: undefined,
  axisColorMode: AxisColorMode.Text,
  axisBorderShow: false,
  scaleDistribution: { type: ScaleDistribution.Linear },
  axisCenteredZero: false,
  axisSoftMin: undefined,
  axisSoftMax: undefined,
  hideFrom: { tooltip: false, viz: false, legend: false },
}

const optionDefaults: TimeSeriesOptions = {
  legend: { showLegend: true, displayMode: LegendDisplayMode.List, placement: 'bottom', calcs: [] },
  tooltip: { mode: TooltipDisplayMode.Single, sort: SortOrder.None },
}

// biome-ignore lint/correctness/useHookAtTopLevel: `useFieldConfig` is a method of PanelPlugin, not a hook.
const plugin = new PanelPlugin<TimeSeriesOptions, GraphFieldConfig>(TimeSeriesPanel)
  .useFieldConfig({
    standardOptions: { [FieldConfigProperty.Color]: { defaultValue: { mode: FieldColorModeId.PaletteClassic } } },
    useCustomConfig: (builder) => addCustomFields(builder, fieldDefaults),
  })
  .setDataSupport({ annotations: true, alertStates: true })

export const timeseriesPanel = setDefaultOptions(plugin, optionDefaults)
