import { type Gauge, type HostPoint, parseRows, toPercent } from './reading.ts'

/** The columns of a cpu line in /proc/stat, in ticks since boot: proc(5). */
const columns = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal', 'guest', 'guest_nice'] as const
type Ticks = Readonly<Record<(typeof columns)[number], number>>

/** Shares of each core and of all, over the time since the last reading; the first gives none. */
export function createCpuGauge(): Gauge {
  let before: ReadonlyMap<string, Ticks> = new Map()
  return async ({ readFile }) => {
    const now = parseCpuTicks(await readFile('/proc/stat'))
    const points = [...now].flatMap(([name, ticks]) => {
      const last = before.get(name)
      return last ? toPoint(name, last, ticks) : []
    })
    before = now
    return points
  }
}

export function parseCpuTicks(text: string): ReadonlyMap<string, Ticks> {
  const rows = parseRows(text).filter(([name = '']) => /^cpu\d*$/.test(name))
  return new Map(
    rows.map(([name = '', ...ticks]) => {
      const byColumn = Object.fromEntries(columns.map((column, index) => [column, Number(ticks[index] ?? 0)])) as Ticks
      return [name === 'cpu' ? 'cpu-total' : name, withoutGuests(byColumn)]
    }),
  )
}

/** The kernel counts guests' time in user and nice as well; taken out, the columns add up to the whole. */
function withoutGuests(ticks: Ticks): Ticks {
  return { ...ticks, user: ticks.user - ticks.guest, nice: ticks.nice - ticks.guest_nice }
}

function toPoint(name: string, before: Ticks, now: Ticks): HostPoint[] {
  const passed = columns.map((column) => now[column] - before[column])
  const whole = passed.map(withoutQuirk).reduce((sum, ticks) => sum + ticks, 0)
  // A core that went away and came back counts anew: no share can be told then.
  const isReset = columns.some((column, index) => !mayRunBackwards.has(column) && (passed[index] ?? 0) < 0)
  if (whole <= 0 || isReset) return []
  const shares = Object.fromEntries(columns.map((column, index) => [`usage_${column}`, toPercent(withoutQuirk(passed[index] ?? 0), whole)]))
  const idle = withoutQuirk(now.idle - before.idle)
  return [{ measurement: 'cpu', tags: { cpu: name }, fields: { ...shares, usage_active: toPercent(whole - idle, whole) } }]
}

// "The value of iowait will decrease in certain conditions", says proc(5). Idle does so with it, and a guest's part is
// not taken from user at the same moment as it is counted.
const mayRunBackwards: ReadonlySet<string> = new Set(['idle', 'iowait', 'user', 'nice', 'guest', 'guest_nice'])
const withoutQuirk = (ticks: number): number => Math.max(0, ticks)
