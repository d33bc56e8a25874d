import { z } from 'zod'
import { durationSchema, formatDuration } from '../../lib/duration.ts'
import type { Heartbeat, Probe, ProbeResult } from '../../model/health.ts'
import { defineProbe, type ProbeDoors } from '../../model/kinds.ts'

export const heartbeatOptions = z.strictObject({
  type: z.literal('heartbeat'),
  every: durationSchema
    .refine((ms) => ms > 0, 'must be longer than nothing')
    .prefault('1m')
    .describe('How often the component reports.'),
  grace: durationSchema.prefault('30s').describe('How much later than that a report may come.'),
})

type Options = Omit<z.output<typeof heartbeatOptions>, 'type'>

/**
 * Waits for the component to report by itself. Its word counts at once, and so does its silence:
 * `grace` is the patience, thresholds are not asked.
 */
export const heartbeat = defineProbe({
  type: 'heartbeat',
  schema: heartbeatOptions,
  create({ every, grace }: Options, { clock }: ProbeDoors): Probe & Required<Pick<Probe, 'beat'>> {
    const startedMs = clock.monotonic()
    let latest: { readonly atMs: number; readonly result: ProbeResult } | undefined

    function silence(sinceMs: number): ProbeResult | undefined {
      const silentMs = clock.monotonic() - sinceMs
      if (silentMs <= every + grace) return undefined
      const since = latest ? '' : ' since the collector started'
      const seconds = Math.floor(silentMs / 1000) * 1000
      const message = `no heartbeat for ${formatDuration(seconds)}${since}, expected one every ${formatDuration(every)}`
      return { ok: false, certain: true, latencyMs: null, message }
    }

    return {
      check: async () => silence(latest?.atMs ?? startedMs) ?? latest?.result,
      beat(beat) {
        latest = { atMs: clock.monotonic(), result: toResult(beat) }
        return latest.result
      },
    }
  },
})

function toResult({ status, message, latencyMs }: Heartbeat): ProbeResult {
  return {
    ok: status !== 'down',
    ...(status === 'degraded' ? { degraded: true } : {}),
    certain: true,
    latencyMs: latencyMs ?? null,
    message: message === '' ? `says it is ${status}` : message,
  }
}
