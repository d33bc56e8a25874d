import { closeSync, fsyncSync, openSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { Disk } from './disk.ts'

/** One file of the log. */
type Segment = {
  readonly file: number
  readonly path: string
  bytes: number
  /** Of its newest frame. */
  position: number
  /** A sync failed: what the file holds is only known up to the sync before. */
  isBroken: boolean
}

type Options = { readonly directory: string; readonly firstNumber: number; readonly segmentBytesMax: number; readonly disk: Disk }

export type Segments = ReturnType<typeof createSegments>

/** Free files that are kept to be written over: as many as commits under full load need at once. */
const freeMax = 3

export const segmentName = (number: number) => `${String(number).padStart(8, '0')}.log`

/**
 * Writes frames into files, and writes over those that are not needed any more: to sync blocks that
 * the disk already gave to a file takes half as long as to sync new ones.
 */
export function createSegments({ directory, firstNumber, segmentBytesMax, disk }: Options) {
  const segments: Segment[] = []
  const free: Segment[] = []
  let nextNumber = firstNumber
  let current: Segment | undefined

  function begin(): Segment {
    const segment = free.pop() ?? openSegment()
    segments.push(segment)
    return segment
  }

  function openSegment(): Segment {
    const path = join(directory, segmentName(nextNumber))
    const file = openSync(path, 'wx')
    nextNumber++
    syncFolder(directory)
    return { file, path, bytes: 0, position: 0, isBroken: false }
  }

  function remove({ file, path }: Segment): void {
    closeSync(file)
    unlinkSync(path)
  }

  function retire(segment: Segment): void {
    segments.splice(segments.indexOf(segment), 1)
    segment.bytes = 0
    if (segment.isBroken || free.length >= freeMax) remove(segment)
    else free.push(segment)
  }

  return {
    /** Resolves when the frame is on the disk. One at a time. */
    async write(frame: Uint8Array, position: number): Promise<void> {
      if (current && current.bytes > 0 && current.bytes + frame.length > segmentBytesMax) current = undefined
      current ??= begin()
      const segment = current
      disk.write(segment.file, frame, segment.bytes)
      try {
        await disk.sync(segment.file)
      } catch (thrown) {
        segment.isBroken = true
        current = undefined
        throw thrown
      }
      segment.bytes += frame.length
      segment.position = position
    },
    /** Frees the files whose frames are all this old. Not while one is written. */
    release(position: number): void {
      for (const segment of segments.filter((one) => one.position <= position)) {
        if (segment === current) segment.bytes = 0
        else retire(segment)
      }
    },
    bytes: () => segments.reduce((sum, { bytes }) => sum + bytes, 0),
    /** Closes the files, and deletes them when nothing in them is needed. */
    close(isNeeded: boolean): void {
      for (const segment of [...segments, ...free]) isNeeded ? closeSync(segment.file) : remove(segment)
    },
  }
}

/** The file's name, too, must outlive a power cut. */
export function syncFolder(directory: string): void {
  const folder = openSync(directory, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
