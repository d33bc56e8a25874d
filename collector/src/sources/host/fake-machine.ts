import { createFakeClock } from '../../lib/clock.ts'
import { silentLog } from '../../lib/log.ts'
import type { SourceDoors } from '../../model/kinds.ts'
import type { Point } from '../../model/point.ts'

/** A small machine: two cores, one disk, one network card, in a container limited to one core and 1 GiB. */
export const machine: Record<string, string> = {
  '/proc/stat': `cpu  1000 0 500 8000 100 0 0 0 200 0
cpu0 500 0 250 4000 50 0 0 0 100 0
cpu1 500 0 250 4000 50 0 0 0 100 0
intr 12345 1 2 3
ctxt 98765
btime 1763683200
processes 4321
procs_running 3
procs_blocked 1`,
  '/proc/meminfo': `MemTotal:        1000000 kB
MemFree:          100000 kB
MemAvailable:     400000 kB
Buffers:           50000 kB
Cached:           250000 kB
SReclaimable:      10000 kB
SwapTotal:        200000 kB
SwapFree:         150000 kB`,
  '/proc/vmstat': 'pswpin 10\npswpout 20',
  '/proc/self/mounts': `overlay / overlay rw,relatime 0 0
proc /proc proc rw 0 0
tmpfs /dev/shm tmpfs rw 0 0
/dev/vda1 /etc/hosts ext4 rw 0 0
/dev/vda1 /var/lib/my\\040data ext4 rw 0 0
/dev/vda1 /var/lib/again ext4 rw 0 0
server:/share /mnt nfs4 rw 0 0`,
  '/proc/diskstats': `   7       0 loop0 10 0 20 0 0 0 0 0 0 0 0
 254       0 vda 100 5 800 40 200 7 1600 90 1 120 130 0 0 0 0
 254       1 vdb 0 0 0 0 0 0 0 0 0 0 0`,
  '/proc/net/dev': `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0
  eth0: 5000 50 1 2 0 0 0 0 7000 70 3 4 0 0 0 0`,
  '/proc/loadavg': '0.50 0.40 0.30 3/123 4567',
  '/proc/uptime': '3600.12 7000.00',
  '/sys/fs/cgroup/cpu.stat': 'usage_usec 1000000\nuser_usec 1',
  '/sys/fs/cgroup/cpu.max': '100000 100000',
  '/sys/fs/cgroup/memory.max': '1073741824',
  '/sys/fs/cgroup/memory.current': '644245094',
  '/sys/fs/cgroup/memory.stat': 'anon 1\ninactive_file 107374182',
}

/** That machine with a clock, and what was read of it. */
export function createMachine(files: Record<string, string> = { ...machine }) {
  const clock = createFakeClock()
  const pushed: Point[] = []
  const warnings: unknown[] = []
  const doors: SourceDoors = {
    log: { ...silentLog, warn: (...said: unknown[]) => void warnings.push(said) },
    clock,
    hostname: 'web-1',
    fetch,
    ownStats: () => ({}),
    push: async (points) => {
      pushed.push(...points)
      return []
    },
    end: () => undefined,
    readPage: () => ({ points: [], weights: [], samples: 0, refused: [] }),
    listFiles: async () => [],
    readFile: async (path) => files[path] ?? Promise.reject(new Error(`ENOENT: ${path}`)),
    statfs: async (path) => {
      if (path === '/') return { bsize: 4096, blocks: 1000, bfree: 400, bavail: 300, files: 500, ffree: 250 }
      return { bsize: 4096, blocks: 2000, bfree: 1000, bavail: 1000, files: 0, ffree: 0 }
    },
  }
  const points = (measurement: string) => pushed.filter((point) => point.measurement === measurement)
  return { clock, doors, files, points, pushed, warnings }
}
