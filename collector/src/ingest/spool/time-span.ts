import { readMilliseconds, wordsOf } from '../../lib/int64.ts'
import type { Batch } from '../../model/batch.ts'

/** From the oldest to the newest time among the points of a batch, in milliseconds. */
export function timeSpanOf({ floats, integers, unsigned, booleans, strings }: Batch): { oldestMs: number; newestMs: number } {
  let oldestMs = Number.POSITIVE_INFINITY
  let newestMs = Number.NEGATIVE_INFINITY
  for (const { length, times } of [floats, integers, unsigned, booleans, strings]) {
    const words = wordsOf(times)
    for (let index = 0; index < length; index++) {
      const timeMs = readMilliseconds(words, index)
      if (timeMs < oldestMs) oldestMs = timeMs
      if (timeMs > newestMs) newestMs = timeMs
    }
  }
  return { oldestMs, newestMs }
}
