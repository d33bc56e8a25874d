import { mkdir, readFile } from 'node:fs/promises'
import { AppError } from '../../lib/errors.ts'
import type { Log } from '../../lib/log.ts'
import { createPen } from './pen.ts'
import { headerBytes, readRecords, type SpoolRecord } from './record.ts'
import { cutTail, discard, firstTime, loadSegments, type Segment } from './segment.ts'

/** A record with its place, which names it for ever. */
export type Kept = SpoolRecord & { readonly id: string; readonly segment: Segment }

type Options = {
  readonly directory: string
  readonly bytesMax: number
  readonly segmentBytesMax: number
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
export function createSegments({ directory, bytesMax, segmentBytesMax, log, now }: Options) {
  const segments: Segment[] = []
  const inTurn = createTurns()
  let lastNumber = 0
  let oldestMs: number | undefined
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
    log,
  })
  const totalBytes = () => segments.reduce((sum, { bytes }) => sum + bytes, 0)

  async function append(record: SpoolRecord): Promise<void> {
    const held = totalBytes()
    if (held + headerBytes + record.payload.byteLength > bytesMax) throw full(held, bytesMax)
    await pen.write(record)
    oldestMs ??= record.atMs
  }

  return {
    ...reader,
    /** Finds what an earlier process left. */
    async open(): Promise<void> {
      await mkdir(directory, { recursive: true })
      segments.push(...(await loadSegments(directory)))
      const [first] = segments
      const newest = segments.at(-1)
      lastNumber = newest?.number ?? 0
      if (newest) await cutTail(newest, log)
      if (first) oldestMs = (await firstTime(first)) ?? now()
      isOpen = true
    },
    isOpen: () => isOpen,
    /** Resolves when the record is on the disk. Throws `INGEST_FULL` when there is no room for it. */
    append: (payload: Uint8Array) => inTurn(() => append({ atMs: now(), payload })),
    /** Forgets the oldest records, so many of them. */
    async drop(count: number): Promise<void> {
      const next = await reader.drop(count)
      if (next || segments.length === 0) oldestMs = next?.atMs
    },
    isEmpty: () => segments.length === 0,
    bytes: totalBytes,
    /** When the oldest record was accepted. */
    oldestMs: () => oldestMs,
    async close(): Promise<void> {
      isOpen = false
      await inTurn(pen.seal)
    },
  }
}

/** Reads segments from the front of a list, and takes them off it when all their records were dropped. */
function createReader(segments: Segment[], { seal, log }: { seal: (segment: Segment) => Promise<void>; log: Log }) {
  const loaded: Kept[] = []
  let unread = 0

  async function loadNext(): Promise<void> {
    const segment = segments[unread]
    if (!segment) return
    await seal(segment)
    const { records, wholeBytes, damagedBytes } = readRecords(await readFile(segment.path))
    segment.damagedBytes = damagedBytes + Math.max(0, segment.bytes - wholeBytes)
    segment.left = records.length
    unread++
    for (const [index, record] of records.entries()) loaded.push({ ...record, id: `${segment.number}-${index + 1}`, segment })
    if (records.length === 0) await remove(segment)
  }

  async function remove(segment: Segment): Promise<void> {
    segments.splice(segments.indexOf(segment), 1)
    unread--
    await discard(segment, log)
  }

  return {
    /** The oldest records, at least one if there is any, and no more than fill so many bytes. */
    async peek(payloadBytesMax: number): Promise<readonly Kept[]> {
      while (loaded.length === 0 && segments.length > 0) await loadNext()
      let bytes = 0
      let count = 0
      while (count < loaded.length && (count === 0 || bytes < payloadBytesMax)) bytes += loaded[count++]?.payload.byteLength ?? 0
      return loaded.slice(0, count)
    },
    /** The record after the oldest. */
    async second(): Promise<Kept | undefined> {
      while (loaded.length < 2 && unread < segments.length) await loadNext()
      return loaded[1]
    },
    /** The oldest that is left, as far as it was read. */
    async drop(count: number): Promise<Kept | undefined> {
      for (const { segment } of loaded.splice(0, count)) if (--segment.left === 0) await remove(segment)
      return loaded[0]
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
