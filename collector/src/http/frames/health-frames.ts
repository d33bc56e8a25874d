import { type ComponentHealth, componentStates } from '../../model/health.ts'
import type { Frame } from '../../model/query.ts'
import { toFrame } from './to-frame.ts'

/**
 * The health matrix as it is now.
 * Columns: component, environment, state, since, latency_ms, message, probe, critical, url.
 */
export function healthFrame(components: readonly ComponentHealth[]): Frame {
  return toFrame('health', components, {
    component: ['string', (row) => row.name],
    environment: ['string', (row) => row.environment],
    state: ['string', (row) => row.state],
    since: ['time', (row) => Date.parse(row.since)],
    latency_ms: ['number', (row) => row.latencyMs],
    message: ['string', (row) => row.message],
    probe: ['string', (row) => row.probe],
    critical: ['boolean', (row) => row.critical],
    url: ['string', (row) => row.url ?? null],
  })
}

type Change = { readonly time: number; readonly component: string; readonly environment: string; readonly state: string }

/**
 * The states over a range: one row where a component enters a state, in order of time.
 * Columns: time, component, environment, state.
 *
 * A silence longer than `silenceMs`, or than three usual gaps, is a row with the state `unknown`: a collector that did not run
 * must not look like a component that was up.
 */
export function healthHistoryFrame(stored: readonly Frame[], options: { silenceMs: number; limit: number }): Frame {
  const changes = stored.flatMap((frame) => changesOf(frame, options.silenceMs)).sort((a, b) => a.time - b.time)
  return toFrame('health_history', changes.slice(-options.limit), {
    time: ['time', (row) => row.time],
    component: ['string', (row) => row.component],
    environment: ['string', (row) => row.environment],
    state: ['string', (row) => row.state],
  })
}

function changesOf(frame: Frame, silenceMs: number): Change[] {
  const times = frame.fields.find((field) => field.type === 'time')?.values as readonly number[] | undefined
  const states = frame.fields.find((field) => field.type !== 'time')
  if (!times || !states) return []
  const labels = states.labels ?? frame.labels
  const of = { component: labels.component ?? '', environment: labels.environment ?? '' }
  const changes: Change[] = []
  const silentMs = Math.max(silenceMs, 3 * usualGap(times))
  let before: { time: number; state: string } | undefined

  for (const [index, time] of times.entries()) {
    const value = states.values[index]
    if (value === null || value === undefined) continue
    const state = componentStates[Number(value)] ?? 'unknown'
    const wasSilent = before !== undefined && time - before.time > silentMs
    if (wasSilent && before?.state !== 'unknown') changes.push({ ...of, time: (before?.time ?? time) + silentMs, state: 'unknown' })
    if (wasSilent || before?.state !== state) changes.push({ ...of, time, state })
    before = { time, state }
  }
  return changes
}

/** The median distance between neighbours. */
function usualGap(times: readonly number[]): number {
  const gaps = times.slice(1).map((time, index) => time - (times[index] as number))
  return gaps.sort((a, b) => a - b)[gaps.length >> 1] ?? 0
}
