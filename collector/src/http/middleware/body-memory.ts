/**
 * Memory for bodies that come in several pieces, used again and again.
 *
 * V8 looks through its whole heap for every 32 MB of buffers it was asked for: with new memory for
 * each body of half a megabyte that was a third of what a write cost.
 */
export type BodyMemory = {
  /** Room for a body of this size, or nothing when it is too large to be kept. */
  take(bytes: number): Buffer | undefined
  /** To be called when nobody looks at the body any more. Memory that is not from here is left alone. */
  giveBack(body: Buffer): void
}

const smallest = 65_536
const largest = 4_194_304

/** Bytes that are kept for the next bodies. */
export const keptBytesMax = 4 * largest

export function createBodyMemory(bytesMax: number): BodyMemory {
  const free: Buffer[] = []
  const lent = new WeakMap<ArrayBufferLike, Buffer>()
  let kept = 0

  function roomOf(bytes: number): Buffer {
    const at = free.findIndex((room) => room.length >= bytes)
    const [known] = at < 0 ? [] : free.splice(at, 1)
    if (!known) return Buffer.allocUnsafeSlow(Math.max(smallest, 2 ** Math.ceil(Math.log2(bytes))))
    kept -= known.length
    return known
  }

  return {
    take(bytes) {
      if (bytes > largest) return undefined
      const room = roomOf(bytes)
      lent.set(room.buffer, room)
      return room.subarray(0, bytes)
    },
    giveBack({ buffer }) {
      const room = lent.get(buffer)
      if (!room || !lent.delete(buffer) || kept + room.length > bytesMax) return
      kept += room.length
      free.push(room)
    },
  }
}
