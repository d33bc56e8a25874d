import { AppError, messageOf } from '../../../lib/errors.ts'
import { readBlocks, type WrittenRows } from './block.ts'
import type { Disk } from './disk.ts'
import { createOpenFrame, headerBytes, type OpenFrame } from './frame.ts'
import { createSegments } from './segments.ts'

export type LogDoors = {
  readonly directory: string
  readonly id: string
  /** The newest position that the database or an earlier process knows, acknowledged or not. */
  readonly newest: number
  /** The position that the database stands at. */
  readonly committed: number
  readonly firstSegment: number
  readonly segmentBytesMax: number
  readonly disk: Disk
  /** Hears of every write that is on the disk, in the order of the log. */
  readonly onWritten: (rows: WrittenRows, position: number) => void
}

export type WriteLog = ReturnType<typeof createLog>

type Entry = { readonly rows: WrittenRows; readonly signal: AbortSignal | undefined; resolve(): void; reject(thrown: unknown): void }

/**
 * What was acknowledged and is not in the database yet: a synced log in front of it.
 *
 * Writes that arrive while one is synced share the next sync.
 */
export function createLog({ directory, id, disk, onWritten, ...options }: LogDoors) {
  const segments = createSegments({ directory, firstNumber: options.firstSegment, segmentBytesMax: options.segmentBytesMax, disk })
  let filling = createOpenFrame()
  let spare = createOpenFrame()
  let entries: Entry[] = []
  let newest = options.newest
  let acknowledged = options.committed
  let committed = options.committed
  let flushing: Promise<void> | undefined

  async function flush(): Promise<void> {
    // What is appended in the same turn comes along.
    await undefined
    while (entries.length > 0) {
      const group = entries
      const frame = filling
      entries = []
      filling = spare
      await writeGroup(frame, group)
      frame.clear()
      spare = frame
      segments.release(committed)
    }
    flushing = undefined
  }

  async function writeGroup(frame: OpenFrame, group: readonly Entry[]): Promise<void> {
    // Never the same position twice: what a failed write left in the file must not pass for the next one.
    const position = ++newest
    const bytes = frame.seal({ id, position, after: acknowledged })
    try {
      await segments.write(bytes, position)
    } catch (cause) {
      const thrown = notLogged(directory, cause)
      for (const { reject } of group) reject(thrown)
      return
    }
    acknowledged = position
    for (const [index, { rows, signal, resolve }] of group.entries()) {
      // Whoever gave up may have used the memory of the rows for others by now.
      onWritten(signal?.aborted ? (readBlocks(bytes.subarray(headerBytes))[index] as WrittenRows) : rows, position)
      resolve()
    }
  }

  return {
    /** Resolves when the rows are on the disk; rejects when none of them is counted as written. Their memory may be used again when the signal aborts. */
    append(rows: WrittenRows, signal?: AbortSignal): Promise<void> {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      filling.add(rows)
      entries.push({ rows, signal, resolve, reject })
      flushing ??= flush()
      return promise
    },
    /** Told that the database holds everything up to this position. */
    release(position: number): void {
      committed = position
      if (!flushing) segments.release(position)
    },
    bytes: segments.bytes,
    /** Leaves no file behind when the database holds everything. */
    async close(): Promise<void> {
      await flushing
      segments.close(committed < acknowledged)
    },
  }
}

function notLogged(directory: string, cause: unknown): AppError {
  const message = `duckdb: nothing of the batch was written to the log in ${directory}: ${messageOf(cause)}. Make room there or mend the disk; the next write tries again.`
  return new AppError('STORE_UNAVAILABLE', message, { cause, retryable: true })
}
