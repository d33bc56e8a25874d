import { type Gauge, parseKeyed, parseRows, toIntegers } from './reading.ts'

/** Load, uptime, processes and the kernel's counters, from /proc/loadavg, uptime and stat. */
export const readSystem: Gauge = async ({ readFile }) => {
  const [loadText, uptimeText, statText] = await Promise.all(['/proc/loadavg', '/proc/uptime', '/proc/stat'].map((path) => readFile(path)))
  const [load1, load5, load15, threads = ''] = parseRows(loadText ?? '')[0] ?? []
  const counters = parseKeyed(statText ?? '')
  const cores = parseRows(statText ?? '').filter(([name = '']) => /^cpu\d+$/.test(name)).length
  const loads = { load1: Number(load1), load5: Number(load5), load15: Number(load15) }
  const uptime = Math.floor(Number.parseFloat(uptimeText ?? '0'))
  return [
    { measurement: 'system', tags: {}, fields: { ...loads, ...toIntegers({ n_cpus: cores, uptime }) } },
    {
      measurement: 'processes',
      tags: {},
      fields: toIntegers({
        running: counters.get('procs_running'),
        blocked: counters.get('procs_blocked'),
        total_threads: threads.split('/')[1],
      }),
    },
    {
      measurement: 'kernel',
      tags: {},
      fields: toIntegers({
        boot_time: counters.get('btime'),
        context_switches: counters.get('ctxt'),
        interrupts: counters.get('intr'),
        processes_forked: counters.get('processes'),
      }),
    },
  ]
}
