import { compareNaturally } from '../../format/natural-order.ts'
import type { DeploymentRow } from './view-model.ts'

/** A deployment's place in its lane, in pixels from the left edge of the range. */
export type Bar = {
  readonly row: DeploymentRow
  readonly x: number
  readonly width: number
  /** Bars that would cover each other lie on different tracks. */
  readonly track: number
  /** Room for the version: inside a wide bar, beside a narrow one. */
  readonly labelWidth: number
  readonly labelInside: boolean
  readonly startsBefore: boolean
}

/** All deployments of one service in one environment. */
export type Lane = {
  readonly key: string
  readonly service: string
  readonly environment: string
  readonly tracks: number
  readonly bars: readonly Bar[]
}

type Drawing = { range: { from: number; to: number }; now: number; width: number }

export const barWidthMin = 22
const gap = 4
/** With more deployments at one time than this, bars cover each other. */
const tracksMax = 6
const labelInsideMin = 76

/** Lays the deployments out: a lane for each service and environment, in natural order. */
export function toLanes(rows: readonly DeploymentRow[], drawing: Drawing): Lane[] {
  const inRange = rows.filter((row) => row.startedAt < drawing.range.to && (row.finishedAt ?? drawing.now) >= drawing.range.from)
  const byLane = Map.groupBy(inRange, (row) => `${row.service}\n${row.environment}`)
  return [...byLane]
    .map(([key, own]) => toLane(key, own, drawing))
    .sort((left, right) => compareNaturally(left.service, right.service) || compareNaturally(left.environment, right.environment))
}

function toLane(key: string, rows: readonly DeploymentRow[], drawing: Drawing): Lane {
  const spans = [...rows].sort((left, right) => left.startedAt - right.startedAt).map((row) => ({ row, ...toSpan(row, drawing) }))
  const ends: number[] = []
  const placed = spans.map((span) => ({ ...span, track: takeTrack(ends, span) }))
  const [first] = rows
  return {
    key,
    service: first?.service ?? '',
    environment: first?.environment ?? '',
    tracks: Math.max(1, ends.length),
    bars: placed.map((span, index) => {
      const next = placed.slice(index + 1).find((later) => later.track === span.track)
      const labelInside = span.width >= labelInsideMin
      const beside = (next?.x ?? drawing.width) - span.x - span.width - 2 * gap
      return { ...span, labelInside, labelWidth: labelInside ? span.width - barWidthMin : Math.max(0, beside) }
    }),
  }
}

/** A running deployment reaches to now; none is too narrow to be seen and hit, none leaves the drawing. */
function toSpan(row: DeploymentRow, { range, now, width }: Drawing): { x: number; width: number; startsBefore: boolean } {
  const scale = width / (range.to - range.from)
  const from = (Math.max(row.startedAt, range.from) - range.from) * scale
  const to = (Math.min(row.finishedAt ?? Math.min(now, range.to), range.to) - range.from) * scale
  const barWidth = Math.max(barWidthMin, to - from)
  return { x: Math.max(0, Math.min(from, width - barWidth)), width: barWidth, startsBefore: row.startedAt < range.from }
}

/** The first track that is free by then; when all are taken, the one that is free soonest. */
function takeTrack(ends: number[], { x, width }: { x: number; width: number }): number {
  const free = ends.findIndex((end) => end + gap <= x)
  const track = free >= 0 ? free : ends.length < tracksMax ? ends.length : ends.indexOf(Math.min(...ends))
  ends[track] = x + width
  return track
}
