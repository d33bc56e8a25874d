import type { Course } from '../../model/alert.ts'
import type { Picture } from './png.ts'

/** In CSS pixels; the picture has twice as many each way. */
export const sparklineSize = { width: 592, height: 64 }

const density = 2
const lineRadius = 1.6 * density
const dotRadius = 4 * density
const margin = 5 * density
const fillAlpha = 40
/** A gap of more than this many usual steps is a gap in the line, too. */
const gapSteps = 3

type Place = { readonly x: number; readonly y: number }
type Canvas = { readonly width: number; readonly height: number; readonly alphas: Uint8Array }

/** The value as a line over a faint area, with a dot where it is now; gaps in the data are gaps in the line. */
export function drawSparkline(course: Course, color: string): Picture {
  const width = sparklineSize.width * density
  const height = sparklineSize.height * density
  const canvas: Canvas = { width, height, alphas: new Uint8Array(width * height) }
  const places = placesOf(course, canvas)
  const isGap = gapsOf(course.times)
  for (const [index, to] of places.entries()) {
    const from = places[index - 1]
    if (!from || isGap(index)) drawLine(canvas, to, to, lineRadius)
    else {
      fillBelow(canvas, from, to)
      drawLine(canvas, from, to, lineRadius)
    }
  }
  const last = places.at(-1)
  if (last) drawLine(canvas, last, last, dotRadius)
  return { ...canvas, color }
}

function placesOf({ times, values }: Course, { width, height }: Canvas): Place[] {
  const [firstMs, lastMs] = [times[0] ?? 0, times.at(-1) ?? 0]
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const [across, up] = [width - 2 * margin, height - 2 * margin]
  return times.map((timeMs, index) => ({
    x: margin + (lastMs === firstMs ? across : ((timeMs - firstMs) / (lastMs - firstMs)) * across),
    // What never moved lies in the middle.
    y: margin + (most === least ? up / 2 : ((most - (values[index] as number)) / (most - least)) * up),
  }))
}

function gapsOf(times: readonly number[]): (index: number) => boolean {
  const steps = times.slice(1).map((timeMs, index) => timeMs - (times[index] as number))
  const usual = steps.toSorted((a, b) => a - b)[steps.length >> 1] ?? 0
  return (index) => (steps[index - 1] ?? 0) > gapSteps * usual
}

/** A stroke with round ends: each pixel is as opaque as much of it lies within the radius. */
function drawLine(canvas: Canvas, from: Place, to: Place, radius: number): void {
  const reach = radius + 1
  eachPixel(canvas, from, to, reach, (x, y, at) => {
    const covered = Math.min(1, Math.max(0, radius + 0.5 - distance({ x, y }, from, to)))
    canvas.alphas[at] = Math.max(canvas.alphas[at] ?? 0, Math.round(covered * 255))
  })
}

function eachPixel({ width, height }: Canvas, from: Place, to: Place, reach: number, visit: (x: number, y: number, at: number) => void) {
  const [left, right] = [Math.min(from.x, to.x) - reach, Math.max(from.x, to.x) + reach]
  const [top, bottom] = [Math.min(from.y, to.y) - reach, Math.max(from.y, to.y) + reach]
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(height, bottom); y++)
    for (let x = Math.max(0, Math.floor(left)); x < Math.min(width, right); x++) visit(x + 0.5, y + 0.5, y * width + x)
}

function distance({ x, y }: Place, from: Place, to: Place): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const squared = dx * dx + dy * dy
  const part = squared === 0 ? 0 : Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / squared))
  return Math.hypot(x - from.x - part * dx, y - from.y - part * dy)
}

function fillBelow({ width, height, alphas }: Canvas, from: Place, to: Place): void {
  for (let x = Math.floor(from.x); x < Math.min(width, to.x); x++) {
    const y = from.y + ((to.y - from.y) * (x - from.x)) / Math.max(1, to.x - from.x)
    for (let row = Math.max(0, Math.round(y)); row < height; row++) {
      const at = row * width + x
      alphas[at] = Math.max(alphas[at] ?? 0, fillAlpha)
    }
  }
}
