import { type FileHandle, mkdir, open, readdir, readFile, rename, stat, truncate, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../lib/errors.ts'
import type { Log } from '../../lib/log.ts'
import { headerBytes, readRecords, type SpoolRecord, toRecordBytes } from './record.ts'

/** A record with its place, which names it for ever. */
export type Kept = SpoolRecord & { readonly id: string; readonly segment: Segment }

type Segment = {
  readonly path: string
  readonly number: number
  bytes: number
  /** Known when it was read. */
  damagedBytes: number
  left: number
}

type Options = {
  readonly directory: string
  readonly bytesMax: number
  readonly segmentBytesMax: number
  readonly log: Log
  readonly now: () => number
}

export type Segments = ReturnType<typeof createSegments>

const nameOf = (number: number) => `${String(number).padStart(16, '0')}.spool`
const numberOf = (name: string) => Number(name.slice(0, 16))

/**
 * Records in files, oldest first: written at one end, read and dropped at the other.
 *
 * A file is either written or read. The one under the pen is sealed when the reader arrives at it, and
 * every process begins a new one: nobody appends behind what a crash may have left.
 */
export function createSegments({ directory, bytesMax, segmentBytesMax, log, now }: Options) {
  const segments: Segment[] = []
  const loaded: Kept[] = []
  let unread = 0
  let lastNumber = 0
  let writing: { readonly handle: FileHandle; readonly segment: Segment } | undefined
  let oldestMs: number | undefined
  let isOpen = false
  /** Appending and sealing, one after the other. */
  let last: Promise<unknown> = Promise.resolve()

  function inTurn<Answer>(run: () => Promise<Answer>): Promise<Answer> {
    const answer = last.then(run)
    last = answer.catch(() => undefined)
    return answer
  }

  const totalBytes = () => segments.reduce((sum, { bytes }) => sum + bytes, 0)

  async function syncDirectory(): Promise<void> {
    const handle = await open(directory)
    await handle.sync().finally(() => handle.close())
  }

  async function beginSegment() {
    lastNumber = Math.max(lastNumber + 1, Math.round(now()))
    const path = join(directory, nameOf(lastNumber))
    const handle = await open(path, 'ax')
    const segment: Segment = { path, number: lastNumber, bytes: 0, damagedBytes: 0, left: 0 }
    writing = { handle, segment }
    segments.push(segment)
    await syncDirectory()
    return writing
  }

  /** Nothing more is appended to the file under the pen. */
  async function seal(): Promise<void> {
    const sealed = writing
    writing = undefined
    await sealed?.handle.close()
  }

  async function write(record: SpoolRecord): Promise<void> {
    const bytes = toRecordBytes(record)
    const held = totalBytes()
    if (held + bytes.byteLength > bytesMax) throw full(held, bytesMax)
    if (writing && writing.segment.bytes + bytes.byteLength > segmentBytesMax) await seal()
    const { handle, segment } = writing ?? (await beginSegment())
    try {
      for (let at = 0; at < bytes.byteLength; ) at += (await handle.write(bytes, at)).bytesWritten
      await handle.datasync()
    } catch (thrown) {
      // Half a record is taken back. Where even that fails the file is left as it is, and a new one begun.
      await handle.truncate(segment.bytes).catch(seal)
      throw thrown
    }
    segment.bytes += bytes.byteLength
    oldestMs ??= record.atMs
  }

  async function loadNext(): Promise<void> {
    const segment = segments[unread]
    if (!segment) return
    if (writing?.segment === segment) await inTurn(seal)
    const { records, wholeBytes, damagedBytes } = readRecords(await readFile(segment.path))
    segment.damagedBytes = damagedBytes + Math.max(0, segment.bytes - wholeBytes)
    segment.left = records.length
    unread++
    records.forEach((record, index) => {
      loaded.push({ ...record, id: `${segment.number}-${index + 1}`, segment })
    })
    if (records.length === 0) await remove(segment)
  }

  async function remove(segment: Segment): Promise<void> {
    segments.splice(segments.indexOf(segment), 1)
    unread--
    if (segment.damagedBytes === 0) return void (await unlink(segment.path).catch(ignoreMissing))
    const kept = `${segment.path}.damaged`
    log.error(
      { file: kept, bytes: segment.damagedBytes },
      'spool: a segment was damaged; what could be read of it was taken, the file is kept',
    )
    await rename(segment.path, kept).catch(ignoreMissing)
  }

  async function adopt(name: string): Promise<void> {
    const path = join(directory, name)
    segments.push({ path, number: numberOf(name), bytes: (await stat(path)).size, damagedBytes: 0, left: 0 })
    lastNumber = Math.max(lastNumber, numberOf(name))
  }

  /** A process that was killed may have left half a record at the end of its last file. */
  async function cutTail(segment: Segment): Promise<void> {
    const { wholeBytes } = readRecords(await readFile(segment.path))
    if (wholeBytes === segment.bytes) return
    log.warn(
      { file: segment.path, bytes: segment.bytes - wholeBytes },
      'spool: the last segment ended in half a record, which nobody was told is kept; it was cut',
    )
    await truncate(segment.path, wholeBytes)
    segment.bytes = wholeBytes
  }

  return {
    /** Finds what an earlier process left. */
    async open(): Promise<void> {
      await mkdir(directory, { recursive: true })
      for (const name of (await readdir(directory)).sort()) if (/^\d{16}\.spool$/.test(name)) await adopt(name)
      const [first] = segments
      const newest = segments.at(-1)
      if (newest) await cutTail(newest)
      if (first) oldestMs = (await firstTime(first.path)) ?? now()
      isOpen = true
    },
    isOpen: () => isOpen,
    /** Resolves when the record is on the disk. Throws `INGEST_FULL` when there is no room for it. */
    append: (payload: Uint8Array) => inTurn(() => write({ atMs: now(), payload })),
    /** The oldest records, at least one if there is any, and up to so many bytes of them. */
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
    /** Forgets the oldest records, so many of them. */
    async drop(count: number): Promise<void> {
      for (const { segment } of loaded.splice(0, count)) if (--segment.left === 0) await remove(segment)
      if (segments.length === 0) oldestMs = undefined
      else if (loaded[0]) oldestMs = loaded[0].atMs
    },
    isEmpty: () => segments.length === 0,
    bytes: totalBytes,
    oldestMs: () => oldestMs,
    async close(): Promise<void> {
      isOpen = false
      await inTurn(seal)
    },
  }
}

async function firstTime(path: string): Promise<number | undefined> {
  const handle = await open(path)
  const bytes = Buffer.alloc(headerBytes)
  const { bytesRead } = await handle.read(bytes, 0, headerBytes, 0).finally(() => handle.close())
  return bytesRead === headerBytes ? bytes.readDoubleLE(headerBytes - 8) : undefined
}

function ignoreMissing(thrown: NodeJS.ErrnoException): void {
  if (thrown.code !== 'ENOENT') throw thrown
}

function full(bytes: number, bytesMax: number): AppError {
  const held = `${(bytes / 1e6).toFixed(1)} of ${(bytesMax / 1e6).toFixed(1)} MB`
  const sentence = `ingest: the store takes nothing and the spool is full (${held}); bring the store back, or raise spool.bytesMax.`
  return new AppError('INGEST_FULL', sentence, { retryable: true })
}
