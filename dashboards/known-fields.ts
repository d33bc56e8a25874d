import { createOwnStats } from '../collector/src/app/own-stats.ts'
import { createFakeClock } from '../collector/src/lib/clock.ts'
import { silentLog } from '../collector/src/lib/log.ts'
import type { SourceDoors } from '../collector/src/model/kinds.ts'
import type { Point } from '../collector/src/model/point.ts'
import { host } from '../collector/src/sources/host/host.ts'

/** The parts of /proc from which the host source reads, of a machine with one core, disk and card. */
const files: Readonly<Record<string, string>> = {
  '/proc/stat':
    'cpu  10 0 5 80 1 0 0 0 0 0\ncpu0 10 0 5 80 1 0 0 0 0 0\nintr 1\nctxt 2\nbtime 3\nprocesses 4\nprocs_running 1\nprocs_blocked 0',
  '/proc/meminfo':
    'MemTotal: 1000 kB\nMemFree: 100 kB\nMemAvailable: 400 kB\nBuffers: 5 kB\nCached: 25 kB\nSwapTotal: 20 kB\nSwapFree: 15 kB',
  '/proc/vmstat': 'pswpin 1\npswpout 2',
  '/proc/self/mounts': '/dev/vda1 / ext4 rw 0 0',
  '/proc/diskstats': '254 0 vda 100 5 800 40 200 7 1600 90 1 120 130',
  '/proc/net/dev': 'a\nb\n  eth0: 5000 50 1 2 0 0 0 0 7000 70 3 4 0 0 0 0',
  '/proc/loadavg': '0.50 0.40 0.30 3/123 4567',
  '/proc/uptime': '3600.12 7000.00',
}

/** Written by engines and applications, not by a source: see the table of measurements in the documentation. */
const others = {
  health: ['state', 'latency_ms', 'message'],
  alert_events: ['fingerprint', 'labels', 'value', 'cause', 'actor', 'action', 'begun'],
  http_server: ['count', 'error_count', 'sum_ms', 'min_ms', 'max_ms'],
}

/** Every measurement a dashboard may name, with its fields, read from the real sources. */
export async function readKnownFields(): Promise<Map<string, Set<string>>> {
  const known = new Map(Object.entries(others).map(([name, fields]) => [name, new Set(fields)]))
  for (const { measurement, fields } of await readHostTwice()) {
    const names = known.get(measurement) ?? new Set()
    known.set(measurement, new Set([...names, ...Object.keys(fields)]))
  }
  known.set('tidewatch_collector', new Set(Object.keys(createOwnStats({ ingest: { acceptedTotal: 0, spool: () => ({ bytes: 0, bytesMax: 0, ageSeconds: 0, quarantined: 0, damaged: 0 }) } })())))
  return known
}

/** The CPU's shares appear with the second reading. */
async function readHostTwice(): Promise<Point[]> {
  const clock = createFakeClock()
  const points: Point[] = []
  const doors = {
    log: silentLog,
    clock,
    hostname: 'web-1',
    fetch,
    ownStats: () => ({}),
    readFile: async (path: string) => {
      const content = files[path]
      if (content === undefined) throw new Error(`no ${path}`)
      return content.replace(/^(cpu\d*)\s+10/gm, `$1 ${10 + clock.now() / 100}`)
    },
    statfs: async () => ({ blocks: 100, bfree: 50, bavail: 40, bsize: 4096, files: 10, ffree: 5 }),
    push: async (batch: readonly Point[]) => {
      points.push(...batch)
    },
  } as unknown as SourceDoors
  const source = host.create(host.schema.parse({}), doors)
  await source.start()
  await clock.advance(25_000)
  await source.stop()
  return points
}
