import { z } from 'zod'
import { AppError, messageOf } from '../../lib/errors.ts'
import type { ProbeResult } from '../../model/health.ts'
import { defineProbe, type ProbeDoors } from '../../model/kinds.ts'

export const selfOptions = z.strictObject({
  type: z.literal('self'),
  check: z.string().min(1).describe('Which condition of the collector: collector, store, disk, host.'),
})

type Options = Omit<z.output<typeof selfOptions>, 'type'>

/** The collector's own condition, by the name of a check. */
export const self = defineProbe({
  type: 'self',
  schema: selfOptions,
  create({ check }: Options, { clock, selfChecks }: ProbeDoors) {
    const run = Object.hasOwn(selfChecks, check) ? selfChecks[check] : undefined
    if (!run) {
      const known = Object.keys(selfChecks).sort().join(', ')
      throw new AppError('CONFIG_INVALID', `self: there is no check called "${check}"; there are ${known}.`)
    }
    return {
      async check(signal: AbortSignal): Promise<ProbeResult> {
        const startedMs = clock.monotonic()
        try {
          const found = await Promise.race([run(), rejectionOf(signal)])
          return { ...found, latencyMs: clock.monotonic() - startedMs }
        } catch (thrown) {
          return { ok: false, latencyMs: null, message: messageOf(thrown) }
        }
      },
    }
  },
})

function rejectionOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
