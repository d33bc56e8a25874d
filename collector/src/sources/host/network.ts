import { type Gauge, toIntegers } from './reading.ts'

/** Counters of every network interface since boot, from /proc/net/dev; without the loopback one. */
export const readNetwork: Gauge = async ({ readFile }) => {
  const text = await readFile('/proc/net/dev')
  return text.split('\n').flatMap((line) => {
    const match = /^\s*([^:\s]+):\s*(.*)$/.exec(line)
    if (!match?.[1] || match[1] === 'lo') return []
    const counters = (match[2] ?? '').trim().split(/\s+/)
    const [bytes_recv, packets_recv, err_in, drop_in] = counters
    const [bytes_sent, packets_sent, err_out, drop_out] = counters.slice(8)
    const fields = toIntegers({ bytes_recv, packets_recv, err_in, drop_in, bytes_sent, packets_sent, err_out, drop_out })
    return [{ measurement: 'net', tags: { interface: match[1] }, fields }]
  })
}
