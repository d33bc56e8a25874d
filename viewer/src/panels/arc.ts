/** A gauge's arc opens downwards and spans 240 degrees. */
const startDegrees = -210
const spanDegrees = 240

/** The part of the way from `min` to `max`, kept inside it; 0 when there is no way. */
export function toFraction(value: number, min: number, max: number): number {
  if (!Number.isFinite(value) || max <= min) return 0
  return Math.min(1, Math.max(0, (value - min) / (max - min)))
}

/** The SVG path of the arc between two fractions of the gauge, around the centre (0, 0). */
export function describeArc(radius: number, from: number, to: number): string {
  const start = toPoint(radius, from)
  const end = toPoint(radius, to)
  const large = (to - from) * spanDegrees > 180 ? 1 : 0
  return `M ${start} A ${radius} ${radius} 0 ${large} 1 ${end}`
}

function toPoint(radius: number, fraction: number): string {
  const radians = ((startDegrees + fraction * spanDegrees) * Math.PI) / 180
  return `${(radius * Math.cos(radians)).toFixed(2)} ${(radius * Math.sin(radians)).toFixed(2)}`
}
