import { compareNaturally } from '../../format/natural-order.ts'
import type { DeploymentRow } from './view-model.ts'

/** Where a bar's version stands: in it, beside it, or nowhere for want of room. */
export type Label = { readonly side: 'inside' | 'right' | 'left' | 'none'; readonly width: number }

/** A deployment's place in its lane, in pixels from the left edge of the range. */
export type Bar = {
  readonly row: DeploymentRow
  readonly x: number
  readonly width: number
  /** Bars that would cover each other lie on different tracks. */
  readonly track: number
  readonly label: Label
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
type Span = Pick<Bar, 'row' | 'x' | 'width' | 'startsBefore'>

export const barWidthMin = 22
const gap = 4
/** With more deployments at one time than this, bars cover each other. */
const tracksMax = 6
const labelInsideMin = 76
const labelMin = 28
/** A label on the left must not reach for the bar before it. */
const labelLeft = 70

/** Lays the deployments out: a lane for each service and environment, in natural order. */
export function toLanes(rows: readonly DeploymentRow[], drawing: Drawing): Lane[] {
  const { range, now } = drawing
  const inRange = rows.filter((row) => row.startedAt < range.to && (row.finishedAt ?? now) >= range.from)
  const byLane = Map.groupBy(inRange, (row) => `${row.service}\n${row.environment}`)
  return [...byLane]
    .map(([key, own]) => toLane(key, own, drawing))
    .sort((left, right) => compareNaturally(left.service, right.service) || compareNaturally(left.environment, right.environment))
}

function toLane(key: string, rows: readonly DeploymentRow[], drawing: Drawing): Lane {
  const spans = [...rows].sort((left, right) => left.startedAt - right.startedAt).map((row) => toSpan(row, drawing))
  const tracks: Span[][] = []
  for (const span of spans) takeTrack(tracks, span).push(span)
  const [first] = rows
  return {
    key,
    service: first?.service ?? '',
    environment: first?.environment ?? '',
    tracks: Math.max(1, tracks.length),
    bars: tracks.flatMap((own, track) =>
      own.map((span, index) => ({ ...span, track, label: toLabel(span, own[index - 1], own[index + 1], drawing.width) })),
    ),
  }
}

/** A running deployment reaches to now; none is too narrow to be seen and hit, none leaves the drawing. */
function toSpan(row: DeploymentRow, { range, now, width }: Drawing): Span {
  const scale = width / (range.to - range.from)
  const from = (Math.max(row.startedAt, range.from) - range.from) * scale
  const to = (Math.min(row.finishedAt ?? now, range.to) - range.from) * scale
  const barWidth = Math.max(barWidthMin, to - from)
  return { row, x: Math.max(0, Math.min(from, width - barWidth)), width: barWidth, startsBefore: row.startedAt < range.from }
}

/** The first track that is free by then; when all are taken, the one that is free soonest. */
function takeTrack(tracks: Span[][], { x }: Span): Span[] {
  const endOf = (track: Span[]) => {
    const last = track.at(-1)
    return last === undefined ? 0 : last.x + last.width
  }
  const free = tracks.find((track) => endOf(track) + gap <= x)
  if (free) return free
  if (tracks.length < tracksMax) {
    const track: Span[] = []
    tracks.push(track)
    return track
  }
  return tracks.reduce((soonest, track) => (endOf(track) < endOf(soonest) ? track : soonest))
}

function toLabel(span: Span, before: Span | undefined, after: Span | undefined, width: number): Label {
  const uncovered = Math.min(span.width, (after?.x ?? width) - span.x)
  if (uncovered >= labelInsideMin) return { side: 'inside', width: uncovered - barWidthMin }
  const right = (after?.x ?? width) - span.x - span.width - 2 * gap
  if (right >= labelMin) return { side: 'right', width: right }
  const left = span.x - (before === undefined ? 0 : before.x + before.width + labelLeft) - 2 * gap
  return left >= labelMin ? { side: 'left', width: Math.min(left, 2 * labelLeft) } : { side: 'none', width: 0 }
}
