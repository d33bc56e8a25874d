import {
  type FieldDisplay,
  formattedValueToString,
  type GrafanaTheme2,
  getFieldConfigWithMinMax,
  PanelPlugin,
  type PanelProps,
} from '@grafana/data'
import { useTheme2 } from '@grafana/ui'
import { describeArc, toFraction } from './arc.ts'
import { type DrawValue, type SingleValueOptions, singleValueDefaults, Values } from './display-values.tsx'
import { setDefaultOptions } from './panel-options.ts'

type GaugeOptions = SingleValueOptions & { showThresholdMarkers: boolean; showThresholdLabels: boolean }

const defaults: GaugeOptions = { ...singleValueDefaults, showThresholdMarkers: true, showThresholdLabels: false }

/** Grafana's "Gauge", drawn here: the ui package of version 13 no longer has one. */
function GaugePanel(panel: PanelProps<GaugeOptions>) {
  const theme = useTheme2()
  const draw: DrawValue = ({ value, width, height, count }, onClick) => (
    <Gauge
      value={value}
      width={width}
      height={height}
      theme={theme}
      showName={count > 1}
      markers={panel.options.showThresholdMarkers}
      onClick={onClick}
    />
  )
  return <Values panel={panel} draw={draw} autoGrid />
}

type GaugeProps = {
  value: FieldDisplay
  width: number
  height: number
  theme: GrafanaTheme2
  showName: boolean
  markers: boolean
  onClick?: ((event: React.MouseEvent<HTMLElement>) => void) | undefined
}

function Gauge({ value, width, height, theme, showName, markers, onClick }: GaugeProps) {
  const { display, field } = value
  const text = formattedValueToString(display)
  const label = `${display.title ?? value.name}: ${text}`
  const nameHeight = showName ? 20 : 0
  const radius = Math.max(10, Math.min(width / 2, (height - nameHeight) / 1.5) - 6)
  const stroke = radius * 0.18
  const { min = 0, max = 100 } = getFieldConfigWithMinMax({ config: field } as Parameters<typeof getFieldConfigWithMinMax>[0], false)
  const filled = toFraction(display.numeric, min ?? 0, max ?? 100)
  const content = (
    <svg width={width} height={height} viewBox={`${-width / 2} ${-radius - 6} ${width} ${height}`} role="img" aria-label={label}>
      <path d={describeArc(radius - stroke, 0, 1)} fill="none" stroke={theme.colors.background.secondary} strokeWidth={stroke} />
      {filled > 0 && <path d={describeArc(radius - stroke, 0, filled)} fill="none" stroke={display.color} strokeWidth={stroke} />}
      {markers && <ThresholdMarkers field={field} radius={radius} min={min ?? 0} max={max ?? 100} theme={theme} />}
      <text
        y={radius * 0.1}
        textAnchor="middle"
        fill={display.color}
        fontSize={Math.min(radius * 0.42, (radius * 2.4) / text.length)}
        fontWeight={500}
      >
        {text}
      </text>
      {showName && (
        <text y={radius * 0.5 + nameHeight} textAnchor="middle" fill={theme.colors.text.primary} fontSize={13}>
          {display.title}
        </text>
      )}
    </svg>
  )
  if (!onClick) return content
  return (
    <button type="button" onClick={onClick} style={{ background: 'none', border: 'none', padding: 0 }}>
      {content}
    </button>
  )
}

type MarkersProps = { field: FieldDisplay['field']; radius: number; min: number; max: number; theme: GrafanaTheme2 }

function ThresholdMarkers({ field, radius, min, max, theme }: MarkersProps) {
  const steps = field.thresholds?.steps ?? []
  const isPercentage = field.thresholds?.mode === 'percentage'
  const starts = steps.map((step) => (isPercentage ? toFraction(step.value, 0, 100) : toFraction(step.value, min, max)))
  return steps.map((step, index) => {
    const from = starts[index] ?? 0
    const to = starts[index + 1] ?? 1
    if (to <= from) return null
    const color = theme.visualization.getColorByName(step.color)
    return <path key={step.value} d={describeArc(radius, from, to)} fill="none" stroke={color} strokeWidth={3} />
  })
}

// biome-ignore lint/correctness/useHookAtTopLevel: `useFieldConfig` is a method of PanelPlugin, not a hook.
export const gaugePanel = setDefaultOptions(new PanelPlugin<GaugeOptions>(GaugePanel).useFieldConfig(), defaults)
