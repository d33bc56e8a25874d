import type { Clock } from '../../lib/clock.ts'
import type { AlertInstance } from '../../model/alert-records.ts'

const everyMs = 20_000
/** Ten minutes. */
const kept = 30

/** The last values of the alerts that are active, read by the clock so that evaluating a rule costs nothing more. */
export function createTrends({ clock, active }: { clock: Clock; active: () => readonly AlertInstance[] }) {
  const trends = new Map<string, number[]>()
  let cancel = () => {}

  function read(): void {
    cancel = clock.after(everyMs, read)
    const seen = new Set<string>()
    for (const { id, value } of active()) {
      seen.add(id)
      if (value === null || !Number.isFinite(value)) continue
      const values = trends.get(id) ?? []
      values.push(Number(value.toPrecision(4)))
      if (values.length > kept) values.shift()
      trends.set(id, values)
    }
    for (const id of trends.keys()) if (!seen.has(id)) trends.delete(id)
  }

  return {
    of: (id: string): readonly number[] | undefined => trends.get(id),
    start: read,
    stop: (): void => cancel(),
  }
}
