import { AppError, messageOf } from '../../lib/errors.ts'

/** One write at a time, in the order they came. The batches waiting are bounded by `ingest/`. */
export function createWriteQueue() {
  let last: Promise<unknown> = Promise.resolve()
  let failure: string | undefined
  let closed = false

  return {
    run<Answer>(write: () => Promise<Answer>, signal?: AbortSignal): Promise<Answer> {
      if (closed)
        return Promise.reject(new AppError('SHUTTING_DOWN', 'duckdb: the store is stopping and takes no more writes.', { retryable: true }))
      const answer = last.then(async () => {
        if (signal?.aborted) throw givenUp(signal)
        try {
          const result = await write()
          failure = undefined
          return result
        } catch (cause) {
          failure = messageOf(cause)
          throw cause
        }
      })
      last = answer.catch(() => undefined)
      return answer
    },
    /** Why the latest write failed, when it did. */
    lastFailure: () => failure,
    /** Takes nothing more, and waits for what it has. */
    async close(): Promise<void> {
      closed = true
      await last
    },
  }
}

function givenUp(signal: AbortSignal): AppError {
  return new AppError('REQUEST_TIMEOUT', 'The write was given up by its caller before it began; nothing of it was written.', {
    cause: signal.reason,
    retryable: true,
  })
}
