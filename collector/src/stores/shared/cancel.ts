import { AppError } from '../../lib/errors.ts'

/** Stops a query whose caller has left, or whose time is up. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled(signal)
}

export function cancelled(signal: AbortSignal): AppError {
  const timedOut = signal.reason instanceof Error && signal.reason.name === 'TimeoutError'
  return timedOut
    ? new AppError(
        'QUERY_TIMEOUT',
        'The query took too long and was stopped. Shorten the range, widen the buckets or select fewer series.',
        {
          cause: signal.reason,
          retryable: true,
        },
      )
    : new AppError('QUERY_CANCELLED', 'The query was cancelled by its caller.', { cause: signal.reason })
}
