import { type FileHandle, open } from 'node:fs/promises'
import { type SpoolRecord, toRecordBytes } from './record.ts'
import { type Segment, toSegment } from './segment.ts'

type Options = {
  readonly directory: string
  readonly segmentBytesMax: number
  /** A number that no segment had before. */
  readonly nextNumber: () => number
  readonly onSegment: (segment: Segment) => void
}

/** Writes records into one segment after the other; a record is on the disk when its write resolves. */
export function createPen({ directory, segmentBytesMax, nextNumber, onSegment }: Options) {
  let writing: { readonly handle: FileHandle; readonly segment: Segment } | undefined

  async function begin() {
    const segment = toSegment(directory, nextNumber())
    writing = { handle: await open(segment.path, 'ax'), segment }
    onSegment(segment)
    // The file's name, too, must outlive a power cut.
    const folder = await open(directory)
    await folder.sync().finally(() => folder.close())
    return writing
  }

  async function seal(): Promise<void> {
    const sealed = writing
    writing = undefined
    await sealed?.handle.close()
  }

  return {
    async write(record: SpoolRecord): Promise<void> {
      const bytes = toRecordBytes(record)
      if (writing && writing.segment.bytes + bytes.byteLength > segmentBytesMax) await seal()
      const { handle, segment } = writing ?? (await begin())
      try {
        for (let at = 0; at < bytes.byteLength; ) at += (await handle.write(bytes, at)).bytesWritten
        await handle.datasync()
      } catch (thrown) {
        // Half a record is taken back. Where even that fails the file is left as it is, and a new one begun.
        await handle.truncate(segment.bytes).catch(seal)
        throw thrown
      }
      segment.bytes += bytes.byteLength
    },
    isIn: (segment: Segment) => writing?.segment === segment,
    /** Nothing more is written to the segment under the pen. */
    seal,
  }
}
