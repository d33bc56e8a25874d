import { connect } from 'node:net'
import { z } from 'zod'
import { durationSchema, formatDuration } from '../../lib/duration.ts'
import { messageOf } from '../../lib/errors.ts'
import type { ProbeResult } from '../../model/health.ts'
import { defineProbe, type ProbeDoors } from '../../model/kinds.ts'
import { describeNetworkFailure } from '../shared/network-failure.ts'

export const tcpOptions = z.strictObject({
  type: z.literal('tcp'),
  host: z.string().min(1).max(253).describe('A name or an address.'),
  port: z.int().min(1).max(65_535),
  degradedAbove: durationSchema.optional().describe('A connection that takes longer is degraded.'),
})

type Options = Omit<z.output<typeof tcpOptions>, 'type'>

/** Opens a connection and closes it again; nothing is sent. */
export const tcp = defineProbe({
  type: 'tcp',
  schema: tcpOptions,
  create: (options: Options, doors: ProbeDoors) => ({ check: (signal: AbortSignal) => checkTcp(options, doors, signal) }),
})

async function checkTcp({ host, port, degradedAbove }: Options, { clock }: ProbeDoors, signal: AbortSignal): Promise<ProbeResult> {
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
  const startedMs = clock.monotonic()
  try {
    await openAndClose(host, port, signal)
  } catch (thrown) {
    const message = signal.aborted ? messageOf(signal.reason) : describeNetworkFailure(thrown, { hostname: host, address })
    return { ok: false, latencyMs: null, message }
  }
  const latencyMs = clock.monotonic() - startedMs
  const took = `${address} took the connection in ${formatDuration(latencyMs)}`
  if (degradedAbove === undefined || latencyMs <= degradedAbove) return { ok: true, latencyMs, message: took }
  return { ok: true, degraded: true, latencyMs, message: `${took}, slower than ${formatDuration(degradedAbove)}` }
}

function openAndClose(host: string, port: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const socket = connect({ host, port })
    const give = () => socket.destroy(signal.reason)
    signal.addEventListener('abort', give, { once: true })
    socket.once('connect', () => {
      socket.end()
      socket.destroySoon()
      resolve()
    })
    socket.on('error', reject)
    socket.once('close', () => signal.removeEventListener('abort', give))
  })
}
