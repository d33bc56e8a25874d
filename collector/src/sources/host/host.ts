import { z } from 'zod'
import { durationSchema } from '../../lib/duration.ts'
import { messageOf } from '../../lib/errors.ts'
import { startTicker, type Ticker } from '../../lib/ticker.ts'
import { defineSource, type SourceDoors } from '../../model/kinds.ts'
import type { Point } from '../../model/point.ts'
import { createContainerGauge } from './container.ts'
import { createCpuGauge } from './cpu.ts'
import { createDiskGauge } from './disk.ts'
import { readDiskIo } from './diskio.ts'
import { readMemory } from './memory.ts'
import { readNetwork } from './network.ts'
import { type Gauge, type HostPoint, impossibleFields } from './reading.ts'
import { readSystem } from './system.ts'

const gauges = {
  cpu: createCpuGauge,
  mem: () => readMemory,
  disk: createDiskGauge,
  diskio: () => readDiskIo,
  net: () => readNetwork,
  system: () => readSystem,
  container: createContainerGauge,
} satisfies Record<string, () => Gauge>

const names = Object.keys(gauges) as (keyof typeof gauges)[]

const hostOptions = z.object({
  interval: durationSchema
    .refine((ms) => ms >= 1000, 'must be at least 1s')
    .prefault('10s')
    .describe('Time from one reading to the next.'),
  gather: z
    .array(z.enum(names as [keyof typeof gauges, ...(keyof typeof gauges)[]]))
    .default(names)
    .describe('What to read.'),
  tags: z.record(z.string(), z.string()).default({}).describe('Added to every point.'),
})

/** Stores keep what they keep of a system, unless `tags` say another category. */
const category = 'system'

// Rates need two readings: with the second a second later, a fresh start shows the CPU at once.
const secondReadingMs = 1000

/**
 * This host, read from /proc and its cgroup under Telegraf's names, so that dashboards made for
 * Telegraf work on it: https://github.com/influxdata/telegraf/tree/master/plugins/inputs
 */
export const host = defineSource({
  type: 'host',
  schema: hostOptions,
  create: (options, doors) => {
    const read = createReader(options, doors)
    let ticker: Ticker | undefined
    let cancelSecond = () => {}
    return {
      start() {
        cancelSecond =
          options.interval > secondReadingMs ? doors.clock.after(secondReadingMs, () => void read(doors.clock.now())) : cancelSecond
        ticker = startTicker(doors.clock, options.interval, read)
      },
      async stop() {
        cancelSecond()
        await ticker?.stop()
      },
    }
  },
})

/** Reads every gauge; one that fails is said once and keeps none of the others from being written. */
function createReader(options: z.output<typeof hostOptions>, { readFile, statfs, clock, push, log, hostname }: SourceDoors) {
  const readings = options.gather.map((name) => ({ name, gauge: gauges[name]() as Gauge, known: new Set<string>() }))
  let isReading = false

  async function readOne(reading: (typeof readings)[number]): Promise<HostPoint[]> {
    const problems = new Set<string>()
    const warn = (problem: string) => void problems.add(problem)
    try {
      const points = await reading.gauge({ readFile, statfs, clock, warn })
      return points.filter((point) => isPossible(point, warn))
    } catch (thrown) {
      warn(`${messageOf(thrown)}; the others go on`)
      return []
    } finally {
      for (const problem of problems) if (!reading.known.has(problem)) log.warn({ gauge: reading.name, problem }, 'host source: left out')
      reading.known = problems
    }
  }

  async function readAll(dueMs: number): Promise<void> {
    const found = (await Promise.all(readings.map(readOne))).flat()
    if (found.length === 0) return
    const timeNs = BigInt(dueMs) * 1_000_000n
    const points = found.map((point): Point => ({ ...point, tags: { category, ...options.tags, ...point.tags, host: hostname }, timeNs }))
    await push(points).catch((thrown: unknown) => log.warn({ problem: messageOf(thrown) }, 'host source: a reading was not stored'))
  }

  /** The time stamped on the points is the one the reading was due at: regular times take half the space. */
  return async function read(dueMs: number): Promise<void> {
    if (isReading) return
    isReading = true
    await readAll(dueMs).finally(() => {
      isReading = false
    })
  }
}

function isPossible(point: HostPoint, warn: (problem: string) => void): boolean {
  const impossible = impossibleFields(point)
  if (impossible.length === 0) return true
  const of = Object.values(point.tags).join(', ')
  warn(`${point.measurement}${of && ` of ${of}`}: ${impossible.join(', ')} outside 0 to 100; this is a bug, please report it`)
  return false
}
