import { fdatasync, fdatasyncSync, writeSync } from 'node:fs'
import { promisify } from 'node:util'

const slowMs = 5
const retryMs = 250
const retryMsMax = 60_000

/** What the log does to its files. A sync that failed is never repeated: the system may have forgotten what it did not write. */
export type Disk = {
  /** Writes all the bytes at this place of the file, as far as the system's memory. */
  write(file: number, bytes: Uint8Array, at: number): void
  /** Resolves when they would outlive a power cut. */
  sync(file: number): Promise<void>
}

const syncInPool = promisify(fdatasync)

/**
 * Syncs on the calling thread, and in libuv's pool for a while after the disk was slow.
 *
 * Measured with 8 to 200 kB: a trip through the pool costs 25 to 60 µs of processor time more, and
 * the answer comes up to twice as late; a fast disk holds the thread for 0.1 to 0.2 ms.
 */
export function createDisk(nowMs: () => number = () => performance.now()): Disk {
  let slowUntilMs = 0
  let waitMs = retryMs

  return {
    write(file, bytes, at) {
      for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, at + done)
    },
    async sync(file) {
      const startedMs = nowMs()
      if (startedMs < slowUntilMs) return syncInPool(file)
      fdatasyncSync(file)
      const endedMs = nowMs()
      if (endedMs - startedMs <= slowMs) {
        waitMs = retryMs
        return
      }
      slowUntilMs = endedMs + waitMs
      waitMs = Math.min(waitMs * 2, retryMsMax)
    },
  }
}
