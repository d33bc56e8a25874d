import { mkdir } from 'node:fs/promises'
import { AppError } from '../../lib/errors.ts'
import type { Log } from '../../lib/log.ts'
import { createDamaged } from './damaged.ts'
import { createPen } from './pen.ts'
import { createReader } from './reader.ts'
import { headerBytes, type SpoolRecord } from './record.ts'
import { loadSegments, readSegment, type Segment } from './segment.ts'

type Options = {
  readonly directory: string
  readonly bytesMax: number
  readonly segmentBytesMax: number
  /** Damaged segments are kept up to this size. */
  readonly damagedBytesMax: number
  readonly log: Log
  readonly now: () => number
}

export type Segments = ReturnType<typeof createSegments>

/**
 * Records in files, oldest first: written at one end, read and dropped at the other.
 *
 * A file is either written or read. The one under the pen is sealed when the reader arrives at it, and
 * every process begins a new one: nobody appends behind what a crash may have left.
 */
export function createSegments({ directory, bytesMax, segmentBytesMax, damagedBytesMax, log, now }: Options) {
  const segments: Segment[] = []
  const damaged = createDamaged({ directory, bytesMax: damagedBytesMax, log })
  const inTurn = createTurns()
  let lastNumber = 0
  let oldestMs: number | undefined
  let newestMs = Number.NEGATIVE_INFINITY
  let isOpen = false

  const pen = createPen({
    ...{ directory, segmentBytesMax },
    nextNumber: () => (lastNumber = Math.max(lastNumber + 1, Math.round(now()))),
    onSegment: (segment) => void segments.push(segment),
  })
  const reader = createReader(segments, {
    seal: async (segment) => {
      if (pen.isIn(segment)) await inTurn(pen.seal)
    },
    discard: damaged.discard,
  })
  const totalBytes = () => segments.reduce((sum, { bytes }) => sum + bytes, 0)

  async function append(record: SpoolRecord): Promise<void> {
    const held = totalBytes()
    if (held + headerBytes + record.payload.byteLength > bytesMax) throw full(held, bytesMax)
    await pen.write(record)
    oldestMs ??= record.atMs
    newestMs = Math.max(newestMs, record.newestMs)
  }

  /** How old and how new the points are that an earlier process left. */
  async function survey(): Promise<void> {
    for (const segment of segments) {
      const { records } = await readSegment(segment)
      oldestMs ??= records[0]?.atMs
      for (const record of records) newestMs = Math.max(newestMs, record.newestMs)
    }
  }

  return {
    ...reader,
    /** Finds what an earlier process left. */
    async open(): Promise<void> {
      await mkdir(directory, { recursive: true })
      segments.push(...(await loadSegments(directory)))
      lastNumber = segments.at(-1)?.number ?? 0
      await survey()
      await damaged.start()
      isOpen = true
    },
    isOpen: () => isOpen,
    /** Resolves when the record is on the disk. Throws `INGEST_FULL` when there is no room for it. */
    append: (payload: Uint8Array, newestPointMs: number) => inTurn(() => append({ atMs: now(), newestMs: newestPointMs, payload })),
    /** Forgets the oldest records, so many of them. */
    async drop(count: number): Promise<void> {
      const next = await reader.drop(count)
      if (next || segments.length === 0) oldestMs = next?.atMs
      if (segments.length === 0) newestMs = Number.NEGATIVE_INFINITY
    },
    isEmpty: () => segments.length === 0,
    bytes: totalBytes,
    /** When the oldest record was accepted. */
    oldestMs: () => oldestMs,
    /** The newest time of a point that may wait; less than any when none does. */
    newestMs: () => newestMs,
    /** How many damaged files are kept. */
    damagedFiles: damaged.files,
    async close(): Promise<void> {
      isOpen = false
      await inTurn(pen.seal)
    },
  }
}

/** Lets one thing run after the other. */
function createTurns() {
  let last: Promise<unknown> = Promise.resolve()
  return <Answer>(run: () => Promise<Answer>): Promise<Answer> => {
    const answer = last.then(run)
    last = answer.catch(() => undefined)
    return answer
  }
}

function full(bytes: number, bytesMax: number): AppError {
  const held = `${(bytes / 1e6).toFixed(1)} of ${(bytesMax / 1e6).toFixed(1)} MB`
  const sentence = `ingest: the store takes nothing and the spool is full (${held}); bring the store back, or raise spool.bytesMax.`
  return new AppError('INGEST_FULL', sentence, { retryable: true })
}
