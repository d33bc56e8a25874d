const units: readonly [name: string, ms: number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
]

/** At most two units: `3 d 4 h`, `12 min`, `45 s`, `350 ms`. */
export function toDurationText(durationMs: number): string {
  if (!Number.isFinite(durationMs) || durationMs < 0) return ''
  if (durationMs < 1000) return `${Math.round(durationMs)} ms`
  const first = units.findIndex(([, ms]) => durationMs >= ms)
  const [name, ms] = units[first] ?? ['s', 1000]
  const amount = Math.floor(durationMs / ms)
  const next = units[first + 1]
  const rest = next ? Math.floor((durationMs - amount * ms) / next[1]) : 0
  // Seconds beside minutes matter only while there are few of them.
  return next && rest > 0 && !(name === 'min' && amount >= 10) ? `${amount} ${name} ${rest} ${next[0]}` : `${amount} ${name}`
}

/** One unit, for narrow places: `3 d`, `12 min`. */
export function toShortDurationText(durationMs: number): string {
  if (!Number.isFinite(durationMs) || durationMs < 0) return ''
  const [name, ms] = units.find(([, size]) => durationMs >= size) ?? ['s', 1000]
  return `${Math.floor(durationMs / ms)} ${name}`
}

/** A response time: `0.4 ms`, `12 ms`, `1.3 s`. */
export function toLatencyText(latencyMs: number): string {
  if (latencyMs >= 1000) return `${(latencyMs / 1000).toFixed(1)} s`
  return latencyMs >= 10 ? `${Math.round(latencyMs)} ms` : `${Number(latencyMs.toFixed(1))} ms`
}
