import { statfs } from 'node:fs/promises'
import { availableParallelism, loadavg, totalmem } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Store } from '../model/store.ts'

type Verdict = { ok: boolean; message: string }
type Checks = Readonly<Record<'collector' | 'store' | 'disk' | 'host', () => Promise<Verdict>>>

const blockedMsMax = 1000
const diskPercentMin = 5
const memoryPercentMin = 5
const loadPerProcessorMax = 4

/** What the collector knows of itself and its machine, for probes of type `self`. */
export function createSelfChecks(doors: { store: Pick<Store, 'status'>; dataDir: string; version: string }): Checks {
  // Coarse on purpose: a sample each 100 ms costs nothing and finds any block worth telling.
  const delay = monitorEventLoopDelay({ resolution: 100 })
  delay.enable()

  return {
    async collector() {
      const blockedMs = Math.max(0, Math.round(delay.max / 1e6) - 100)
      delay.reset()
      if (blockedMs > blockedMsMax) return { ok: false, message: `did nothing else for ${blockedMs} ms since the last check` }
      return { ok: true, message: `version ${doors.version} answers` }
    },
    async store() {
      const { ok, message } = await doors.store.status()
      return { ok, message }
    },
    async disk() {
      const { bavail, blocks, bsize } = await statfs(doors.dataDir)
      const percent = blocks === 0 ? 100 : (bavail / blocks) * 100
      const gigabytes = ((bavail * bsize) / 1e9).toFixed(1)
      return { ok: percent >= diskPercentMin, message: `${gigabytes} GB (${percent.toFixed(0)} %) free under ${doors.dataDir}` }
    },
    async host() {
      const load = loadavg()[0] ?? 0
      const processors = availableParallelism()
      const percent = (process.availableMemory() / totalmem()) * 100
      return {
        ok: percent >= memoryPercentMin && load <= processors * loadPerProcessorMax,
        message: `load ${load.toFixed(1)} on ${processors} processors, ${percent.toFixed(0)} % of memory available`,
      }
    },
  }
}
