import { type Gauge, parseKeyed, toIntegers, toPercent } from './reading.ts'

const pageBytes = 4096
const kibibyte = 1024

/** Memory and swap space in bytes, from /proc/meminfo and /proc/vmstat. `used` is what is not available. */
export const readMemory: Gauge = async ({ readFile }) => {
  const kibibytes = parseKeyed(await readFile('/proc/meminfo'))
  const bytes = (key: string) => (kibibytes.get(key) ?? 0) * kibibyte
  const total = bytes('MemTotal')
  const available = kibibytes.has('MemAvailable') ? bytes('MemAvailable') : bytes('MemFree') + bytes('Buffers') + bytes('Cached')
  const sizes = toIntegers({
    total,
    available,
    used: total - available,
    free: bytes('MemFree'),
    cached: bytes('Cached') + bytes('SReclaimable'),
    buffered: bytes('Buffers'),
    active: bytes('Active'),
    inactive: bytes('Inactive'),
    shared: bytes('Shmem'),
    slab: bytes('Slab'),
    dirty: bytes('Dirty'),
    committed_as: bytes('Committed_AS'),
    commit_limit: bytes('CommitLimit'),
  })
  const percents = { used_percent: toPercent(total - available, total), available_percent: toPercent(available, total) }
  return [{ measurement: 'mem', tags: {}, fields: { ...sizes, ...percents } }, await readSwap(bytes, readFile)]
}

async function readSwap(bytes: (key: string) => number, readFile: (path: string) => Promise<string>) {
  const total = bytes('SwapTotal')
  const free = bytes('SwapFree')
  const pages = parseKeyed(await readFile('/proc/vmstat').catch(() => ''))
  const moved = { in: (pages.get('pswpin') ?? 0) * pageBytes, out: (pages.get('pswpout') ?? 0) * pageBytes }
  const used_percent = total === 0 ? 0 : toPercent(total - free, total)
  return { measurement: 'swap', tags: {}, fields: { ...toIntegers({ total, free, used: total - free, ...moved }), used_percent } }
}
