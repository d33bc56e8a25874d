import { type Gauge, type HostPoint, parseKeyed, parseRows, toIntegers, toPercent } from './reading.ts'

type Usage = { readonly cpuNs: number; readonly cores?: number; readonly memory?: { readonly used: number; readonly limit: number } }
type ReadFile = (path: string) => Promise<string>

// Above this a memory limit of cgroup v1 means "none".
const limitMax = 2 ** 60

/**
 * What this cgroup uses of what it may: inside a container the host's figures tell nothing about the
 * quota. Nothing is written where neither CPU nor memory is limited.
 *
 * https://docs.kernel.org/admin-guide/cgroup-v2.html; v1 where v2 is not mounted.
 */
export function createContainerGauge(): Gauge {
  let before: { cpuNs: number; atMs: number } | undefined
  return async ({ readFile, clock }) => {
    const usage = await readV2(readFile).catch(() => readV1(readFile).catch(() => undefined))
    if (!usage) return []
    const nowMs = clock.now()
    const passedMs = before ? nowMs - before.atMs : 0
    const usedNs = before ? usage.cpuNs - before.cpuNs : 0
    before = { cpuNs: usage.cpuNs, atMs: nowMs }
    const fields = { ...cpuFields(usage.cores, usedNs, passedMs), ...memoryFields(usage.memory) }
    return Object.keys(fields).length > 0 ? [{ measurement: 'container', tags: {}, fields }] : []
  }
}

// The quota is enforced a period at a time, so a reading at the limit may lie a little above it. More is a wrong reading.
const overshootMax = 1.2

function cpuFields(cores: number | undefined, usedNs: number, passedMs: number): HostPoint['fields'] {
  if (cores === undefined || passedMs <= 0) return {}
  const share = usedNs / (cores * passedMs * 1e6)
  return { cpu_limit_cores: cores, cpu_used_percent: toPercent(share > 1 && share <= overshootMax ? 1 : share, 1) }
}

function memoryFields(memory: Usage['memory']): HostPoint['fields'] {
  if (!memory) return {}
  const sizes = toIntegers({ memory_used: memory.used, memory_limit: memory.limit })
  return { ...sizes, memory_used_percent: toPercent(memory.used, memory.limit) }
}

async function readV2(readFile: ReadFile): Promise<Usage> {
  const at = (name: string) => readFile(`/sys/fs/cgroup/${name}`)
  const [cpuStat, cpuMax, memoryMax] = await Promise.all([
    at('cpu.stat'),
    at('cpu.max').catch(() => 'max'),
    at('memory.max').catch(() => 'max'),
  ])
  const [quota = 'max', period] = parseRows(cpuMax)[0] ?? []
  const cpuNs = (parseKeyed(cpuStat).get('usage_usec') ?? 0) * 1000
  const cores = quota === 'max' ? undefined : Number(quota) / Number(period)
  if (memoryMax.trim() === 'max') return { cpuNs, cores }
  const [current, stat] = await Promise.all([at('memory.current'), at('memory.stat')])
  // The working set: the kernel gives inactive file pages back before it kills.
  const used = Number(current) - (parseKeyed(stat).get('inactive_file') ?? 0)
  return { cpuNs, cores, memory: { used: Math.max(0, used), limit: Number(memoryMax) } }
}

async function readV1(readFile: ReadFile): Promise<Usage> {
  const number = async (path: string) => Number(await readFile(`/sys/fs/cgroup/${path}`))
  const cpuNs = await number('cpuacct/cpuacct.usage')
  const quota = await number('cpu/cpu.cfs_quota_us').catch(() => -1)
  const cores = quota > 0 ? quota / (await number('cpu/cpu.cfs_period_us')) : undefined
  const limit = await number('memory/memory.limit_in_bytes').catch(() => limitMax)
  if (limit >= limitMax) return { cpuNs, cores }
  const stat = parseKeyed(await readFile('/sys/fs/cgroup/memory/memory.stat'))
  const used = (await number('memory/memory.usage_in_bytes')) - (stat.get('total_inactive_file') ?? 0)
  return { cpuNs, cores, memory: { used: Math.max(0, used), limit } }
}
