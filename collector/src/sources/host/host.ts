import { z } from 'zod'
import { durationSchema } from '../../lib/duration.ts'
import { messageOf } from '../../lib/errors.ts'
import { startTicker, type Ticker } from '../../lib/ticker.ts'
import { defineSource, type SourceDoors } from '../../model/kinds.ts'
import type { Point } from '../../model/point.ts'
import { createContainerGauge } from './container.ts'
import { createCpuGauge } from './cpu.ts'
import { readDisks } from './disk.ts'
import { readDiskIo } from './diskio.ts'
import { readMemory } from './memory.ts'
import { readNetwork } from './network.ts'
import type { Gauge } from './reading.ts'
import { readSystem } from './system.ts'

const gauges = {
  cpu: createCpuGauge,
  mem: () => readMemory,
  disk: () => readDisks,
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
        cancelSecond = options.interval > secondReadingMs ? doors.clock.after(secondReadingMs, () => void read()) : cancelSecond
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
  const failing = new Set<string>()
  const readings = options.gather.map((name) => ({ name, gauge: gauges[name]() as Gauge }))

  async function readOne({ name, gauge }: (typeof readings)[number]): Promise<Point[]> {
    const nowMs = clock.now()
    try {
      const points = await gauge({ readFile, statfs, nowMs })
      failing.delete(name)
      return points.map((point) => ({
        ...point,
        tags: { ...options.tags, ...point.tags, host: hostname },
        timeNs: BigInt(nowMs) * 1_000_000n,
      }))
    } catch (thrown) {
      if (!failing.has(name)) log.warn({ gauge: name, problem: messageOf(thrown) }, 'host source: cannot read a gauge; the others go on')
      failing.add(name)
      return []
    }
  }

  return async function read(): Promise<void> {
    const points = (await Promise.all(readings.map(readOne))).flat()
    if (points.length === 0) return
    await push(points).catch((thrown: unknown) => log.warn({ problem: messageOf(thrown) }, 'host source: a reading was not stored'))
  }
}
