/** A line through values that stand at equal distances; one that does not move lies in the middle. */
export function toSparkPath(values: readonly number[], { width, height }: { width: number; height: number }): string {
  const low = Math.min(...values)
  const span = Math.max(...values) - low
  const edge = 1.5
  const x = (index: number) => edge + (index / Math.max(1, values.length - 1)) * (width - 2 * edge)
  const y = (value: number) => (span === 0 ? height / 2 : height - edge - ((value - low) / span) * (height - 2 * edge))
  return values.map((value, index) => `${index === 0 ? 'M' : 'L'}${round(x(index))} ${round(y(value))}`).join('')
}

const round = (value: number): number => Math.round(value * 10) / 10
