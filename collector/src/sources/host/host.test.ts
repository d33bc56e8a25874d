import { readFile, statfs } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../lib/clock.ts'
import type { Point } from '../../model/point.ts'
import { createMachine, machine } from './fake-machine.ts'
import { host } from './host.ts'

const start = ({ doors }: ReturnType<typeof createMachine>, options = {}) => {
  const source = host.create(host.schema.parse(options), doors)
  source.start()
  return source
}

describe('the host source', () => {
  it('reads memory, swap and load at once, under the names Telegraf gives them', async () => {
    const here = createMachine()
    start(here)
    await here.clock.advance(0)
    expect(here.points('mem')[0]).toMatchObject({
      tags: { host: 'web-1' },
      fields: {
        total: 1_024_000_000n,
        available: 409_600_000n,
        used: 614_400_000n,
        cached: 266_240_000n,
        used_percent: 60,
        available_percent: 40,
      },
    })
    expect(here.points('swap')[0]?.fields).toMatchObject({ used: 51_200_000n, used_percent: 25, in: 40_960n, out: 81_920n })
    expect(here.points('system')[0]?.fields).toEqual({ load1: 0.5, load5: 0.4, load15: 0.3, n_cpus: 2n, uptime: 3600n })
    expect(here.points('processes')[0]?.fields).toEqual({ running: 3n, blocked: 1n, total_threads: 123n })
    expect(here.points('kernel')[0]?.fields).toMatchObject({ context_switches: 98_765n, boot_time: 1_763_683_200n })
  })

  it('tells the CPU after the second reading, a second later, guests taken out of user', async () => {
    const here = createMachine()
    start(here)
    await here.clock.advance(500)
    expect(here.points('cpu')).toEqual([])
    here.files['/proc/stat'] = (machine['/proc/stat'] as string).replace(
      'cpu  1000 0 500 8000 100 0 0 0 200 0',
      'cpu  1030 0 510 8050 110 0 0 0 220 0',
    )
    await here.clock.advance(500)
    const total = here.points('cpu').find((point) => point.tags.cpu === 'cpu-total')
    expect(total?.fields).toMatchObject({ usage_user: 10, usage_guest: 20, usage_system: 10, usage_idle: 50, usage_iowait: 10 })
  })

  it('takes a wait for disks that ran backwards, as kernels let it, for none', async () => {
    const here = createMachine()
    start(here)
    await here.clock.advance(500)
    here.files['/proc/stat'] = (machine['/proc/stat'] as string).replace('cpu  1000 0 500 8000 100', 'cpu  1030 0 510 8060 95')
    await here.clock.advance(500)
    const total = here.points('cpu').find((point) => point.tags.cpu === 'cpu-total')
    expect(total?.fields).toMatchObject({ usage_user: 30, usage_system: 10, usage_idle: 60, usage_iowait: 0, usage_active: 40 })
  })

  it('tells nothing of a core that counts anew', async () => {
    const here = createMachine()
    start(here)
    await here.clock.advance(500)
    here.files['/proc/stat'] = (machine['/proc/stat'] as string).replace('cpu1 500 0 250 4000', 'cpu1 5 0 2 4040')
    await here.clock.advance(500)
    expect(here.points('cpu')).toEqual([])
    expect(here.warnings).toEqual([])
  })

  it('measures file systems as df does: each device once, the root of a container, no memory, no network', async () => {
    const here = createMachine()
    start(here)
    await here.clock.advance(0)
    expect(here.points('disk').map((point) => point.tags.path)).toEqual(['/', '/var/lib/my data'])
    expect(here.points('disk')[0]?.fields).toMatchObject({ total: 4_096_000n, used: 2_457_600n, free: 1_228_800n, inodes_used_percent: 50 })
    expect(here.points('disk')[0]?.fields.used_percent).toBeCloseTo(66.6667, 3)
    expect(here.points('disk')[1]?.fields).not.toHaveProperty('inodes_total')
  })

  it('counts disk and network traffic in bytes, leaving out what is no device', async () => {
    const here = createMachine()
    start(here)
    await here.clock.advance(0)
    expect(here.points('diskio').map((point) => point.tags.name)).toEqual(['vda'])
    expect(here.points('diskio')[0]?.fields).toMatchObject({
      reads: 100n,
      read_bytes: 409_600n,
      writes: 200n,
      write_bytes: 819_200n,
      io_time: 120n,
    })
    expect(here.points('net').map((point) => point.tags.interface)).toEqual(['eth0'])
    expect(here.points('net')[0]?.fields).toMatchObject({ bytes_recv: 5000n, err_in: 1n, bytes_sent: 7000n, drop_out: 4n })
  })

  it('measures a container against its limits, not the host', async () => {
    const here = createMachine()
    start(here)
    await here.clock.advance(500)
    here.files['/sys/fs/cgroup/cpu.stat'] = 'usage_usec 1250000'
    await here.clock.advance(500)
    expect(here.points('container').at(-1)?.fields).toMatchObject({ cpu_limit_cores: 1, cpu_used_percent: 25, memory_used_percent: 50 })
  })

  it.each([
    [1_100_000, 100],
    [1_300_000, undefined],
  ])('takes a little more CPU than the quota for all of it, and far more for a wrong reading: %i µs', async (usage, percent) => {
    const here = createMachine({ ...machine, '/sys/fs/cgroup/cpu.stat': 'usage_usec 0' })
    start(here)
    await here.clock.advance(500)
    here.files['/sys/fs/cgroup/cpu.stat'] = `usage_usec ${usage}`
    await here.clock.advance(500)
    expect(here.points('container')[1]?.fields.cpu_used_percent).toBe(percent)
    expect(here.warnings).toHaveLength(percent === undefined ? 1 : 0)
  })

  it('reads the limits of cgroup v1', async () => {
    const v2 = Object.keys(machine).filter((path) => path.startsWith('/sys/fs/cgroup'))
    const files = { ...machine }
    for (const path of v2) delete files[path]
    const here = createMachine({
      ...files,
      '/sys/fs/cgroup/cpuacct/cpuacct.usage': '5000000000',
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '50000',
      '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '1000',
      '/sys/fs/cgroup/memory/memory.usage_in_bytes': '900',
      '/sys/fs/cgroup/memory/memory.stat': 'inactive_file 1\ntotal_inactive_file 300',
    })
    start(here)
    await here.clock.advance(500)
    here.files['/sys/fs/cgroup/cpuacct/cpuacct.usage'] = '5250000000'
    await here.clock.advance(500)
    expect(here.points('container').at(-1)?.fields).toEqual({
      cpu_limit_cores: 0.5,
      cpu_used_percent: 50,
      memory_used: 600n,
      memory_limit: 1000n,
      memory_used_percent: 60,
    })
  })

  it('says nothing of a container without limits, or without cgroups', async () => {
    const { '/sys/fs/cgroup/memory.max': _, ...rest } = machine
    const unlimited = createMachine({ ...rest, '/sys/fs/cgroup/cpu.max': 'max 100000' })
    start(unlimited)
    const none = createMachine({ '/proc/loadavg': '0 0 0 1/2 3', '/proc/uptime': '1', '/proc/stat': '' })
    start(none)
    await unlimited.clock.advance(10_000)
    await none.clock.advance(10_000)
    expect([...unlimited.points('container'), ...none.points('container')]).toEqual([])
  })

  it('reads on when one file is missing, and says so once', async () => {
    const { '/proc/meminfo': _, ...rest } = machine
    const here = createMachine(rest)
    start(here)
    await here.clock.advance(60_000)
    expect(here.points('system').length).toBeGreaterThan(5)
    expect(here.warnings).toHaveLength(1)
  })

  it('drops a percentage outside 0 to 100 instead of writing it, and says so once', async () => {
    const here = createMachine({ ...machine, '/proc/meminfo': 'MemTotal: 100 kB\nMemAvailable: 900 kB' })
    start(here)
    await here.clock.advance(60_000)
    expect(here.points('mem')).toEqual([])
    const problem = 'mem: used_percent, available_percent outside 0 to 100; this is a bug, please report it'
    expect(here.warnings).toEqual([[{ gauge: 'mem', problem }, 'host source: left out']])
  })

  it('goes on without a disk that never answers, and asks it only once', async () => {
    const here = createMachine()
    const asked: string[] = []
    const statfs = (path: string) => {
      asked.push(path)
      return path === '/' ? here.doors.statfs(path) : new Promise<never>(() => {})
    }
    start({ ...here, doors: { ...here.doors, statfs } })
    await here.clock.advance(30_000)
    expect(asked.filter((path) => path !== '/')).toEqual(['/var/lib/my data'])
    expect(here.points('disk').map(({ tags }) => tags.path)).toEqual(['/', '/', '/', '/'])
    expect(here.points('mem')).toHaveLength(4)
    expect(here.warnings).toHaveLength(1)
  })

  it('stamps points with the time they were due, on multiples of the interval', async () => {
    const here = createMachine()
    await here.clock.advance(4321)
    start(here)
    await here.clock.advance(20_000)
    const startMs = here.clock.now() - 24_321
    const seconds = here.points('system').map(({ timeNs = 0n }) => Number(timeNs / 1_000_000n) - startMs)
    expect(seconds).toEqual([4321, 5321, 10_000, 20_000])
  })

  it('names the category that stores keep it by, adds its own tags and stops when told to', async () => {
    const here = createMachine()
    const source = start(here, { tags: { rack: 'a1' }, gather: ['system'] })
    await here.clock.advance(0)
    await source.stop()
    await here.clock.advance(60_000)
    expect(here.pushed).toHaveLength(3)
    expect(here.pushed[0]?.tags).toEqual({ category: 'system', rack: 'a1', host: 'web-1' })
  })

  it('reads this very machine', async () => {
    const clock = createFakeClock()
    const pushed: Point[] = []
    let stored: () => void = () => undefined
    const first = new Promise<void>((resolve) => {
      stored = resolve
    })
    const push = async (points: readonly Point[]) => {
      pushed.push(...points)
      stored()
      return []
    }
    const doors = { ...createMachine().doors, clock, push, statfs, readFile: (path: string) => readFile(path, 'utf8') }
    const source = host.create(host.schema.parse({}), doors)
    source.start()
    await first
    await source.stop()
    expect(new Set(pushed.map((point) => point.measurement))).toEqual(expect.objectContaining(new Set(['mem', 'system', 'disk'])))
    for (const point of pushed) {
      for (const [name, value] of Object.entries(point.fields)) {
        if (name.endsWith('percent')) expect(value).toBeLessThanOrEqual(100)
      }
    }
  })
})
