import { createHash } from 'node:crypto'
import type { Clock } from '../lib/clock.ts'
import { AppError } from '../lib/errors.ts'
import type { IdempotencyRecords, KeptAnswer } from '../model/idempotency.ts'

export type IdempotencyLimits = {
  /** How long a key is remembered. */
  readonly idempotencyKeepMs: number
  /** How many are; beyond them the oldest is forgotten. */
  readonly idempotencyKeysMax: number
}

type Doors = { readonly records: IdempotencyRecords; readonly clock: Clock; readonly limits: IdempotencyLimits }

export type Idempotency = {
  /**
   * The answer of `work`, done once for each key and body.
   *
   * `work` is given the time at which the key came first. It may be done a second time when the collector was
   * killed, or failed, before the answer was kept: with that time for points that bring none it writes the
   * same points, and those are stored once.
   */
  once(key: string, body: Uint8Array, work: (firstMs: number) => Promise<KeptAnswer>): Promise<KeptAnswer & { readonly replayed: boolean }>
}

/** A longer answer is not kept; the work is done again, which answers the same. */
const answerCharactersMax = 64_000
/** Old keys are looked for once in so many new ones. */
const forgetEvery = 100

/** Sees to it that a request that is sent again is not counted again. */
export function createIdempotency({ records, clock, limits }: Doors): Idempotency {
  const underWay = new Map<string, Promise<unknown>>()
  let begun = 0

  function begin(key: string, bodyHash: string): ReturnType<IdempotencyRecords['begin']> {
    const nowMs = Math.round(clock.now())
    if (begun++ % forgetEvery === 0) records.forget(nowMs - limits.idempotencyKeepMs, limits.idempotencyKeysMax)
    const record = records.begin(key, bodyHash, nowMs)
    if (record.bodyHash === bodyHash) return record
    throw new AppError(
      'IDEMPOTENCY_KEY_REUSED',
      'The idempotency key came with another body before, which was the one that counted. Send each new request with a key of its own.',
    )
  }

  async function workOnce(key: string, bodyHash: string, work: (firstMs: number) => Promise<KeptAnswer>) {
    const { answer, firstMs } = begin(key, bodyHash)
    if (answer) return { ...answer, replayed: true }
    const fresh = await work(firstMs)
    if (fresh.body.length <= answerCharactersMax) records.finish(key, fresh)
    return { ...fresh, replayed: false }
  }

  return {
    async once(key, body, work) {
      const bodyHash = createHash('sha256').update(body).digest('hex')
      // Whoever comes again while the first is under way waits for its answer.
      for (let first = underWay.get(key); first; first = underWay.get(key)) await first
      const answer = workOnce(key, bodyHash, work)
      const settled = answer.catch(() => undefined).finally(() => underWay.delete(key))
      underWay.set(key, settled)
      return answer
    },
  }
}
