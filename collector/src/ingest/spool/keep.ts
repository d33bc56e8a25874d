import { AppError, messageOf } from '../../lib/errors.ts'
import type { Log } from '../../lib/log.ts'
import type { Batch } from '../../model/batch.ts'
import type { WriteResult } from '../../model/store.ts'
import type { Segments } from './segments.ts'
import { timeSpanOf } from './time-span.ts'

type Doors = { readonly segments: Segments; readonly directory: string; readonly log: Log }

/** Puts batches on disk, or says why nothing can keep them. The log hears of a change, not of every refusal. */
export function createKeep({ segments, directory, log }: Doors): (batch: Batch) => Promise<WriteResult> {
  let isRefusing = false

  return async (batch) => {
    try {
      await segments.append(batch.toLineProtocol(), timeSpanOf(batch).newestMs)
    } catch (cause) {
      const refusal = toRefusal(cause, directory)
      if (!isRefusing) log.error({ err: cause }, `${refusal.message} Until then, writes are refused.`)
      isRefusing = true
      throw refusal
    }
    if (isRefusing) log.info({}, 'spool: there is room again, and points are taken')
    isRefusing = false
    return { rejected: [] }
  }
}

function toRefusal(cause: unknown, directory: string): AppError {
  if (cause instanceof AppError) return cause
  const message = `ingest: the store takes nothing and the spool cannot be written: ${messageOf(cause)}. Make room in ${directory}.`
  return new AppError('INGEST_FULL', message, { cause, retryable: true })
}
