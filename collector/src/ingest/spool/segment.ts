import { open, readdir, readFile, rename, stat, truncate, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../../lib/log.ts'
import { headerBytes, readRecords } from './record.ts'

/** One file of records. */
export type Segment = {
  readonly path: string
  readonly number: number
  bytes: number
  /** Known when it was read. */
  damagedBytes: number
  /** Records that were read and not dropped yet. */
  left: number
}

export function toSegment(directory: string, number: number): Segment {
  return { path: join(directory, `${String(number).padStart(16, '0')}.spool`), number, bytes: 0, damagedBytes: 0, left: 0 }
}

/** The segments that lie in a folder, oldest first. */
export async function loadSegments(directory: string): Promise<Segment[]> {
  const names = (await readdir(directory)).filter((name) => /^\d{16}\.spool$/.test(name)).sort()
  const segments = names.map((name) => toSegment(directory, Number(name.slice(0, 16))))
  for (const segment of segments) segment.bytes = (await stat(segment.path)).size
  return segments
}

/** A process that was killed may have left half a record at the end of its last file. */
export async function cutTail(segment: Segment, log: Log): Promise<void> {
  const { wholeBytes } = readRecords(await readFile(segment.path))
  if (wholeBytes === segment.bytes) return
  const about = { file: segment.path, bytes: segment.bytes - wholeBytes }
  log.warn(about, 'spool: the last segment ended in half a record, which nobody was told is kept; it was cut')
  await truncate(segment.path, wholeBytes)
  segment.bytes = wholeBytes
}

/** When the first record of a segment was accepted, if there is one. */
export async function firstTime({ path }: Segment): Promise<number | undefined> {
  const handle = await open(path)
  const bytes = Buffer.alloc(headerBytes)
  const { bytesRead } = await handle.read(bytes, 0, headerBytes, 0).finally(() => handle.close())
  return bytesRead === headerBytes ? bytes.readDoubleLE(headerBytes - 8) : undefined
}

/** Deletes a segment that was read to its end; a damaged one is kept under another name, for people. */
export async function discard({ path, damagedBytes }: Segment, log: Log): Promise<void> {
  if (damagedBytes === 0) return void (await unlink(path).catch(ignoreMissing))
  const about = { file: `${path}.damaged`, bytes: damagedBytes }
  log.error(about, 'spool: a segment was damaged; what could be read of it was taken, and the file is kept')
  await rename(path, about.file).catch(ignoreMissing)
}

function ignoreMissing(thrown: NodeJS.ErrnoException): void {
  if (thrown.code !== 'ENOENT') throw thrown
}
