import { statfs } from 'node:fs/promises'
import { availableParallelism, freemem, loadavg, totalmem } from 'node:os'
import { type EventLoopLag, watchEventLoop } from '../../lib/event-loop.ts'
import type { SelfCheck } from '../../model/kinds.ts'

/** What the checks read; a test brings its own. */
export type Machine = {
  /** Free and total bytes of the file system that holds a path. */
  space(path: string): Promise<{ readonly freeBytes: number; readonly totalBytes: number }>
  /** Available and total bytes of the machine's memory. */
  memory(): { readonly freeBytes: number; readonly totalBytes: number }
  /** Resident bytes of this process, and what a cgroup or the machine grants it. */
  resident(): { readonly bytes: number; readonly limitBytes: number }
  load(): number
  cores(): number
}

/** Shares below which a resource is short, then out. */
const short = { disk: 0.1, memory: 0.1, resident: 0.1 }
const out = { disk: 0.03, memory: 0.03, resident: 0.03 }
/** A loop this late delays alerts by as much; above a second it no longer keeps its promises. */
const lag = { degradedMs: 200, failedMs: 1000 }

type Options = {
  readonly dataDir: string
  readonly storeStatus: () => Promise<{ readonly ok: boolean; readonly message: string }>
  readonly machine?: Machine
  readonly eventLoop?: EventLoopLag
}

/** The checks behind the components that are watched from the first start. */
export function createSelfChecks(options: Options) {
  const { dataDir, storeStatus, machine = thisMachine, eventLoop = watchEventLoop() } = options
  let hasStarted = false

  /** The first reading covers the start, when modules load and files open: it says nothing of the service. */
  function readLag(): number {
    const measuredMs = eventLoop.p99Ms()
    if (hasStarted) return measuredMs
    hasStarted = true
    return 0
  }

  return {
    collector: async () => worst([judgeLag(readLag()), judgeResident(machine.resident())]),
    store: async () => storeStatus(),
    disk: async () => {
      const { freeBytes, totalBytes } = await machine.space(dataDir)
      return judgeShare('disk', freeBytes / totalBytes, `${gigabytes(freeBytes)} of ${gigabytes(totalBytes)} free in ${dataDir}`)
    },
    host: async () => {
      const { freeBytes, totalBytes } = machine.memory()
      const memory = `${gigabytes(freeBytes)} of ${gigabytes(totalBytes)} memory available`
      // Load alone is no verdict: it counts waiting for disks, and a busy machine may be fine.
      return judgeShare('memory', freeBytes / totalBytes, `${memory}, load ${machine.load().toFixed(2)} on ${machine.cores()} cores`)
    },
  } satisfies Record<string, SelfCheck>
}

type Found = Awaited<ReturnType<SelfCheck>>

function judgeShare(resource: keyof typeof short, share: number, message: string): Found {
  if (share < out[resource]) return { ok: false, message }
  return share < short[resource] ? { ok: true, degraded: true, message } : { ok: true, message }
}

function judgeLag(lagMs: number): Found {
  const message = `event loop ${Math.round(lagMs)} ms late`
  if (lagMs > lag.failedMs) return { ok: false, message }
  return lagMs > lag.degradedMs ? { ok: true, degraded: true, message } : { ok: true, message }
}

function judgeResident({ bytes, limitBytes }: ReturnType<Machine['resident']>): Found {
  return judgeShare('resident', 1 - bytes / limitBytes, `${Math.round(bytes / 1e6)} MB of ${gigabytes(limitBytes)} memory in use`)
}

/** All findings in one sentence, with the verdict of the worst. */
function worst(found: readonly Found[]): Found {
  const message = found.map((entry) => entry.message).join(', ')
  if (found.some(({ ok }) => !ok)) return { ok: false, message }
  return found.some(({ degraded }) => degraded) ? { ok: true, degraded: true, message } : { ok: true, message }
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(bytes < 10e9 ? 1 : 0)} GB`

const thisMachine: Machine = {
  async space(path) {
    const { bsize, blocks, bfree, bavail } = await statfs(path)
    // As df: what is reserved for root is neither used nor available.
    return { freeBytes: bavail * bsize, totalBytes: (blocks - bfree + bavail) * bsize }
  },
  memory: () => ({ freeBytes: freemem(), totalBytes: totalmem() }),
  resident: () => ({ bytes: process.memoryUsage.rss(), limitBytes: Math.min(process.constrainedMemory() || totalmem(), totalmem()) }),
  load: () => loadavg()[0] ?? 0,
  cores: availableParallelism,
}
