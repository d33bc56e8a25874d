import { fdatasync, fdatasyncSync, write, writeSync } from 'node:fs'
import { promisify } from 'node:util'

const slowMs = 5
const retryMs = 1000
const retryMsMax = 60_000

/** What the log does to its files. A sync that failed is never repeated: the system may have forgotten what it did not write. */
export type Disk = {
  /** Writes all the bytes at this place of the file. */
  write(file: number, bytes: Uint8Array, at: number): Promise<void>
  /** Resolves when they would outlive a power cut. */
  sync(file: number): Promise<void>
}

/**
 * Writes and syncs on the calling thread, and in libuv's pool for a while after the disk was slow.
 *
 * Measured with 8 to 200 kB: a trip through the pool costs 25 to 60 µs of processor time more, and
 * the answer comes up to twice as late; a fast disk holds the thread for 0.1 to 0.2 ms.
 */
export function createDisk(nowMs: () => number = () => performance.now()): Disk {
  let slowUntilMs = 0
  let waitMs = retryMs

  async function run(onThread: () => void, inPool: () => Promise<void>): Promise<void> {
    const startedMs = nowMs()
    if (startedMs < slowUntilMs) return inPool()
    onThread()
    const endedMs = nowMs()
    if (endedMs - startedMs > slowMs) {
      slowUntilMs = endedMs + waitMs
      waitMs = Math.min(waitMs * 2, retryMsMax)
    } else waitMs = retryMs
  }

  return {
    write: (file, bytes, at) =>
      run(
        () => writeAll(file, bytes, at),
        () => writeAllInPool(file, bytes, at),
      ),
    sync: (file) =>
      run(
        () => fdatasyncSync(file),
        () => syncInPool(file),
      ),
  }
}

const syncInPool = promisify(fdatasync)
const writeInPool = promisify(write)

function writeAll(file: number, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, at + done)
}

async function writeAllInPool(file: number, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await writeInPool(file, bytes, done, bytes.length - done, at + done)).bytesWritten
  }
}
