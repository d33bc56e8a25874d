import { z } from 'zod'
import { durationSchema } from '../../lib/duration.ts'
import { messageOf } from '../../lib/errors.ts'
import { startTicker, type Ticker } from '../../lib/ticker.ts'
import { defineSource } from '../../model/kinds.ts'

const selfOptions = z.object({
  interval: durationSchema
    .refine((ms) => ms >= 1000, 'must be at least 1s')
    .prefault('10s')
    .describe('Time from one reading to the next.'),
})

/** The collector's own figures as measurement `tidewatch_collector`: CPU, memory, event loop, points accepted. */
export const self = defineSource({
  type: 'self',
  schema: selfOptions,
  create: ({ interval }, { clock, push, log, ownStats, hostname }) => {
    let ticker: Ticker | undefined
    const read = async (dueMs: number) => {
      const point = {
        measurement: 'tidewatch_collector',
        tags: { category: 'system', host: hostname },
        fields: ownStats(),
        timeNs: BigInt(dueMs) * 1_000_000n,
      }
      await push([point]).catch((thrown: unknown) => log.warn({ problem: messageOf(thrown) }, 'self source: a reading was not stored'))
    }
    return {
      start() {
        ticker = startTicker(clock, interval, read)
      },
      async stop() {
        await ticker?.stop()
      },
    }
  },
})
