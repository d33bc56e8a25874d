import type { Clock } from '../../lib/clock.ts'
import { AppError } from '../../lib/errors.ts'
import type { WriteResult } from '../../model/store.ts'

/** How long a collector that stops waits for a store that does not answer. */
const hurryMs = 1000

/** Waits for a store as long as it may, and no longer than a moment once somebody is in a hurry. */
export function createPatience({ clock, slowAfterMs }: { readonly clock: Clock; readonly slowAfterMs: number }) {
  const hurrying = new AbortController()

  return {
    async write(run: (signal: AbortSignal) => Promise<WriteResult>): Promise<WriteResult> {
      const slow = new AbortController()
      const late = Promise.withResolvers<never>()
      const giveUpAfter = (ms: number) =>
        clock.after(ms, () => {
          late.reject(new AppError('STORE_UNAVAILABLE', `the store did not answer within ${ms} ms`, { retryable: true }))
          slow.abort()
        })
      const cancels = [giveUpAfter(slowAfterMs)]
      const hurried = () => void cancels.push(giveUpAfter(Math.min(hurryMs, slowAfterMs)))
      if (hurrying.signal.aborted) hurried()
      hurrying.signal.addEventListener('abort', hurried)
      const written = run(slow.signal)
      // Its late answer no longer matters: written twice, a point is the same point.
      written.catch(() => undefined)
      return Promise.race([written, late.promise]).finally(() => {
        hurrying.signal.removeEventListener('abort', hurried)
        for (const cancel of cancels) cancel()
      })
    },
    /** Resolves when it has happened, or took too long. */
    async wait(happening: Promise<void>): Promise<void> {
      const { promise: late, resolve } = Promise.withResolvers<void>()
      const cancel = clock.after(hurrying.signal.aborted ? 0 : slowAfterMs, resolve)
      await Promise.race([happening, late]).finally(cancel)
    },
    hurry: () => hurrying.abort(),
  }
}
