import { toSparkPath } from './spark-path.ts'

/** The way a value went, small; decorative, since the value stands beside it in words. */
export function Sparkline({ values, width = 64, height = 16 }: { values: readonly number[]; width?: number; height?: number }) {
  if (values.length < 2) return null
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true" focusable="false" style={{ flex: 'none' }}>
      <path d={toSparkPath(values, { width, height })} fill="none" stroke="currentColor" strokeWidth={1.3} strokeLinejoin="round" />
    </svg>
  )
}
