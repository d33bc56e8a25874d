/** As a person reads it: four digits, and of large ones no fraction. */
export function formatValue(value: number): string {
  const size = Math.abs(value)
  return String(size >= 1000 && size < 1e15 ? Math.round(value) : Number(value.toPrecision(4)))
}
