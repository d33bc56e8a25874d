import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type ReadRecords, readRecords } from './record.ts'

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

/** What can be read of a segment. A file that somebody took away is damage, and must not stop the others. */
export async function readSegment(segment: Segment): Promise<ReadRecords> {
  try {
    return readRecords(await readFile(segment.path))
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown
    return { records: [], damagedBytes: segment.bytes }
  }
}
