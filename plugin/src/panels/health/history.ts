import type { DataFrame } from '@grafana/data'
import type { ComponentState } from '../../../../collector/src/contract/health.ts'
import { createColumns } from '../../format/columns.ts'
import { compareNaturally } from '../../format/natural-order.ts'
import { stateLooks, toState } from './states.ts'

export type Segment = { readonly state: ComponentState; readonly from: number; readonly to: number }

/** One component in one environment over the range. */
export type Strip = {
  readonly component: string
  readonly environment: string
  readonly segments: readonly Segment[]
  /** The part of the watched time it was up, maintenance left out; null when it was never watched. */
  readonly upShare: number | null
  readonly msInState: Readonly<Partial<Record<ComponentState, number>>>
}

type Strand = { component: string; environment: string; readings: Map<number, ComponentState> }
type Reading = { time: number; state: ComponentState }

/**
 * States over time as strips.
 *
 * A reading holds until the next one, the last until now. Before the first reading there is
 * nothing: nobody watched.
 */
export function toStrips(frames: readonly DataFrame[], range: { from: number; to: number }, now: number): Strip[] {
  const end = Math.min(range.to, now)
  return [...toReadings(frames).values()]
    .map(({ component, environment, readings }) => {
      const segments = toSegments(readings, range.from, end)
      const msInState = addUp(segments)
      return { component, environment, segments, msInState, upShare: toUpShare(msInState) }
    })
    .sort((left, right) => compareNaturally(left.component, right.component) || compareNaturally(left.environment, right.environment))
}

function toReadings(frames: readonly DataFrame[]) {
  const strips = new Map<string, Strand>()
  for (const frame of frames) {
    const columns = createColumns(frame)
    if (!columns.has('time', 'component', 'state')) continue
    for (let row = 0; row < frame.length; row += 1) {
      const component = columns.text('component', row)
      const environment = columns.text('environment', row)
      const key = `${component}\n${environment}`
      const strip: Strand = strips.get(key) ?? { component, environment, readings: new Map() }
      strips.set(key, strip)
      const time = columns.time('time', row)
      if (time === null) continue
      const state = toState(columns.text('state', row))
      const before = strip.readings.get(time)
      // Two probes of one component at the same moment: the worse one counts.
      if (before === undefined || stateLooks[state].rank > stateLooks[before].rank) strip.readings.set(time, state)
    }
  }
  return strips
}

function toSegments(readings: ReadonlyMap<number, ComponentState>, from: number, end: number): Segment[] {
  const ordered: Reading[] = [...readings].map(([time, state]) => ({ time, state })).sort((left, right) => left.time - right.time)
  const segments: Segment[] = []
  for (const [index, { time, state }] of ordered.entries()) {
    const start = Math.max(from, time)
    const stop = Math.min(end, ordered[index + 1]?.time ?? end)
    if (stop <= start) continue
    const last = segments.at(-1)
    if (last?.state === state && last.to === start) segments[segments.length - 1] = { ...last, to: stop }
    else segments.push({ state, from: start, to: stop })
  }
  return segments
}

function addUp(segments: readonly Segment[]): Partial<Record<ComponentState, number>> {
  const totals: Partial<Record<ComponentState, number>> = {}
  for (const { state, from, to } of segments) totals[state] = (totals[state] ?? 0) + to - from
  return totals
}

/** Degraded still serves, so it counts as up; nobody knows of unknown, so it does not count. */
function toUpShare({ up = 0, degraded = 0, down = 0 }: Partial<Record<ComponentState, number>>): number | null {
  const watched = up + degraded + down
  return watched === 0 ? null : (up + degraded) / watched
}
