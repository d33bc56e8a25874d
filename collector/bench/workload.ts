/** Line protocol as dashboards know it: series with 3 tags and 4 fields, a point each every 30 s. */

export const stepMs = 30_000
export const seriesCount = 1000
export const fieldNames = ['usage_user', 'usage_system', 'usage_iowait', 'usage_idle'] as const
export const hostOf = (series: number): string => `server-${series}`
export const serviceOf = (series: number): string => `api-${series % 13}`

export type Stream = {
  /** The next lines of the stream. */
  take(lines: number): Buffer
  /** The first instant that it has not begun. */
  nextMs(): number
}

export type StreamOptions = {
  readonly first: number
  readonly count: number
  readonly fromMs: number
  /** Every point comes up to this much later than its step, each by an own number of milliseconds. */
  readonly jitterMs?: number
}

/** A stream of a stretch of the series from a time on, as one agent sends it. The same arguments give the same bytes. */
export function createStream({ first, count, fromMs, jitterMs = 0 }: StreamOptions): Stream {
  const names = Array.from({ length: count }, (_, i) => first + i).map(
    (id) => `cpu,host=${hostOf(id)},region=eu-${id % 7},service=${serviceOf(id)} `,
  )
  // Hundredths, each walking a little from where it was.
  const values = new Int32Array(count * fieldNames.length).map((_, i) => 1000 + ((i * 7919) % 7000))
  let seed = 12_345 + first
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fff_ffff
    return (seed >> 16) % below
  }
  const walk = (at: number): number => {
    const value = Math.min(10_000, Math.max(0, (values[at] ?? 0) + random(41) - 20))
    values[at] = value
    return value / 100
  }
  let timeMs = fromMs
  let series = 0

  function line(): string {
    const fields = fieldNames.map((name, i) => `${name}=${walk(series * fieldNames.length + i)}`).join(',')
    const text = `${names[series]}${fields} ${timeMs + (jitterMs === 0 ? 0 : random(jitterMs))}000000\n`
    series = (series + 1) % count
    if (series === 0) timeMs += stepMs
    return text
  }

  return {
    take(lines) {
      let text = ''
      for (let i = 0; i < lines; i++) text += line()
      return Buffer.from(text, 'latin1')
    },
    nextMs: () => (series === 0 ? timeMs : timeMs + stepMs),
  }
}
