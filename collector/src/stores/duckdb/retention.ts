import type { Clock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'

const everyMs = 3_600_000
const firstMs = 60_000

export type RetentionDoors = {
  readonly clock: Clock
  readonly log: Log
  /** Left out: nothing is ever deleted. */
  readonly retentionMs?: number
  readonly deleteBefore: (timeNs: bigint) => Promise<void>
}

/** Deletes old points every hour. The file keeps its size, and new points fill the room. */
export function startRetention({ clock, log, retentionMs, deleteBefore }: RetentionDoors): () => void {
  if (retentionMs === undefined) return () => {}
  let stopped = false
  let cancel = clock.after(firstMs, round)

  async function round(): Promise<void> {
    const oldestMs = Math.floor(clock.now() - (retentionMs ?? 0))
    await deleteBefore(BigInt(oldestMs) * 1_000_000n).catch((err) =>
      log.warn({ err }, 'duckdb: old points were not deleted; the next try is in an hour'),
    )
    if (!stopped) cancel = clock.after(everyMs, round)
  }

  return () => {
    stopped = true
    cancel()
  }
}
