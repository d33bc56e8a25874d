import { availableParallelism } from 'node:os'
import { performance } from 'node:perf_hooks'
import type { Ingest } from '../ingest/ingest.ts'
import type { FieldValue } from '../model/point.ts'

/** The collector's own figures, as the `self` source stores them. Rates span the time since the last reading. */
export function createOwnStats(doors: { ingest: Pick<Ingest, 'acceptedTotal' | 'spool'> }): () => Readonly<Record<string, FieldValue>> {
  let before = { at: performance.now(), cpu: process.cpuUsage(), loop: performance.eventLoopUtilization(), accepted: 0 }

  return () => {
    const now = {
      at: performance.now(),
      cpu: process.cpuUsage(),
      loop: performance.eventLoopUtilization(),
      accepted: doors.ingest.acceptedTotal,
    }
    const seconds = Math.max((now.at - before.at) / 1000, 0.001)
    const cpuSeconds = (now.cpu.user + now.cpu.system - before.cpu.user - before.cpu.system) / 1e6
    const spool = doors.ingest.spool()
    const { rss, heapUsed } = process.memoryUsage()
    const stats = {
      // Of all cores together, so that threads never add up to more than 100.
      cpu_percent: Math.min(100, (cpuSeconds / seconds / availableParallelism()) * 100),
      event_loop_percent: performance.eventLoopUtilization(now.loop, before.loop).utilization * 100,
      memory_bytes: BigInt(rss),
      heap_bytes: BigInt(heapUsed),
      points_accepted: BigInt(now.accepted),
      points_per_second: (now.accepted - before.accepted) / seconds,
      spool_bytes: BigInt(spool.bytes),
      spool_age_seconds: spool.ageSeconds,
      quarantine_files: BigInt(spool.quarantined),
      spool_damaged_files: BigInt(spool.damaged),
      uptime_seconds: process.uptime(),
    }
    before = now
    return stats
  }
}
