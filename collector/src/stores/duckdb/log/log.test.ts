import { readdirSync } from 'node:fs'
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDisk, type Disk } from './disk.ts'
import { createFakeLog } from './fake-log.ts'
import { emptyWrite, toWritten } from './fake-rows.ts'
import { createLog } from './log.ts'
import { readLog } from './read-log.ts'

const id = '0123456789abcdef'
let directory: string
let heard: [value: number | undefined, position: number][]
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidewatch-log-'))
  heard = []
})
afterEach(() => rm(directory, { recursive: true }))

function make({ disk = createDisk(), segmentBytesMax = 1_000_000, committed = 0, firstSegment = 1 } = {}) {
  return createLog({
    ...{ directory, id, disk, segmentBytesMax, committed, newest: committed, firstSegment },
    onWritten: ({ rows }, position) => void heard.push([rows.float.values[0] as number, position]),
  })
}

const one = (value: number) => toWritten([value, value, value])

/** The first value of each write that the files hold after a position. */
async function readBack(position = 0, log = createFakeLog()): Promise<unknown[]> {
  const { writes } = await readLog(directory, { id, position }, log)
  return writes.map(({ written }) => written.rows.float.values[0])
}

describe('the log', () => {
  it('gives back what was written, every type of it, in the order it was written in', async () => {
    const log = make()
    const write = {
      added: [{ fid: 7, measurement: 'm é', tags: { host: 'a "b"' }, name: 'v', type: 'string' as const }],
      rows: {
        ...toWritten([1, 5, 0.1], [2, -6, Number.MIN_VALUE]).rows,
        integer: { length: 1, fids: Int32Array.of(3), times: BigInt64Array.of(-(2n ** 63n)), values: BigInt64Array.of(2n ** 63n - 1n) },
        unsigned: { length: 1, fids: Int32Array.of(4), times: BigInt64Array.of(9n), values: BigUint64Array.of(2n ** 64n - 1n) },
        boolean: { length: 3, fids: Int32Array.of(5, 5, 6), times: BigInt64Array.of(1n, 2n, 3n), values: Uint8Array.of(1, 0, 1) },
        string: { length: 3, fids: Int32Array.of(7, 7, 7), times: BigInt64Array.of(1n, 2n, 3n), values: ['', '漢字 🙂\n', 'plain'] },
      },
    }
    await Promise.all([log.append(write), log.append(emptyWrite)])
    await log.append(one(3))
    const { writes } = await readLog(directory, { id, position: 0 }, createFakeLog())
    expect(writes.map(({ written }) => written)).toEqual([write, emptyWrite, one(3)])
    expect(writes.map(({ position }) => position)).toEqual([1, 1, 2])
  })

  it('syncs once for all writes that came while it synced, and answers them in their order', async () => {
    const disk = createDisk()
    let syncs = 0
    const counting: Disk = {
      write: disk.write,
      async sync(file) {
        syncs++
        await new Promise((resolve) => setImmediate(resolve))
        await disk.sync(file)
      },
    }
    const log = make({ disk: counting })
    const first = log.append(one(0))
    await new Promise((resolve) => setImmediate(resolve))
    await Promise.all([first, ...[1, 2, 3, 4].map((value) => log.append(one(value)))])
    expect(syncs).toBe(2)
    expect(heard).toEqual([
      [0, 1],
      [1, 2],
      [2, 2],
      [3, 2],
      [4, 2],
    ])
  })

  it('takes the rows of a caller who gave up as they were, whatever became of their memory', async () => {
    const log = make()
    const givenUp = new AbortController()
    const rows = one(1)
    const appended = [log.append(one(0)), log.append(rows, givenUp.signal), log.append(one(2))]
    givenUp.abort()
    ;(rows.rows.float.values as Float64Array)[0] = 99
    await Promise.all(appended)
    expect(heard.map(([value]) => value)).toEqual([0, 1, 2])
  })

  it('writes over what the database holds, and keeps its files few', async () => {
    const log = make({ segmentBytesMax: 500 })
    for (let value = 1; value <= 100; value++) {
      await log.append(one(value))
      if (value % 10 === 0) log.release(value - 5)
    }
    expect((await readdir(directory)).length).toBeLessThan(12)
    expect(await readBack(95)).toEqual([96, 97, 98, 99, 100])
    log.release(100)
    expect(log.bytes()).toBe(0)
    await log.close()
    expect(await readdir(directory)).toEqual([])
  })

  it('keeps its files when it is closed before the database holds everything', async () => {
    const log = make()
    await log.append(one(1))
    await log.append(one(2))
    log.release(1)
    await log.close()
    expect(await readBack(1)).toEqual([2])
  })
})

/** A disk that fails in its own way at the call of this number. */
function failingDisk(at: { write?: number; sync?: number }, code = 'ENOSPC'): Disk & { readonly synced: number[] } {
  const disk = createDisk()
  const calls = { write: 0, sync: 0 }
  const synced: number[] = []
  return {
    synced,
    write(file, bytes, place) {
      // Half of it is written before the disk is full.
      if (++calls.write === at.write) {
        disk.write(file, bytes.subarray(0, bytes.length / 2), place)
        throw new Error(`${code}: no space left on device`)
      }
      disk.write(file, bytes, place)
    },
    async sync(file) {
      synced.push(file)
      if (++calls.sync === at.sync) throw new Error('EIO: i/o error, fdatasync')
      await disk.sync(file)
    },
  }
}

describe('a disk that fails', () => {
  it('refuses what it has no room for, and goes on when there is some', async () => {
    const log = make({ disk: failingDisk({ write: 2 }) })
    await log.append(one(1))
    await expect(log.append(one(2))).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      retryable: true,
      message: expect.stringMatching(/nothing of the batch was written to the log in .*no space left on device.*Make room/),
    })
    await log.append(one(3))
    expect(heard.map(([value]) => value)).toEqual([1, 3])
    expect(await readBack()).toEqual([1, 3])
  })

  it('never syncs a file again after a sync failed, and forgets the write that was refused although it lies there whole', async () => {
    const disk = failingDisk({ sync: 2 })
    const log = make({ disk })
    await log.append(one(1))
    await expect(log.append(one(2))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true })
    await log.append(one(3))
    await log.append(one(4))
    expect(new Set(disk.synced.slice(0, 2)).size).toBe(1)
    expect(disk.synced.slice(2)).not.toContain(disk.synced[0])
    expect(await readBack()).toEqual([1, 3, 4])
    log.release(4)
    expect((await readdir(directory)).length).toBe(1)
  })
})

describe('what a crash or a bad disk leaves', () => {
  /** Three writes in one file, and where each ends. */
  async function writeThree(): Promise<{ path: string; bytes: Buffer; ends: number[] }> {
    const log = make()
    const ends: number[] = []
    for (const value of [1, 2, 3]) {
      await log.append(one(value))
      ends.push(log.bytes())
    }
    const path = join(directory, readdirSync(directory)[0] ?? '')
    return { path, bytes: await readFile(path), ends }
  }

  it('is every whole write before the cut, wherever the file was cut off', async () => {
    const { path, bytes, ends } = await writeThree()
    for (let length = 0; length <= bytes.length; length++) {
      await writeFile(path, bytes.subarray(0, length))
      expect(await readBack()).toEqual([1, 2, 3].slice(0, ends.filter((end) => end <= length).length))
    }
  })

  it('is told of when it is half a write', async () => {
    const { path, bytes } = await writeThree()
    await writeFile(path, bytes.subarray(0, -1))
    const log = createFakeLog()
    await readBack(0, log)
    expect(log.lines).toEqual([expect.stringContaining('warn: duckdb: the log ended in half a write'), expect.stringContaining('info')])
  })

  it('loses the one write whose bytes were damaged, says so, and keeps the file', async () => {
    const { path, bytes, ends } = await writeThree()
    const [first = 0, second = 0] = ends
    for (let place = first; place < second; place++) {
      const damaged = Buffer.from(bytes)
      damaged[place] = (damaged[place] ?? 0) ^ 16
      await writeFile(path, damaged)
      const log = createFakeLog()
      const left = await readLog(directory, { id, position: 0 }, log)
      expect(left.writes.map(({ written }) => written.rows.float.values[0])).toEqual([1, 3])
      expect(log.lines[0]).toContain('error: duckdb: the log is damaged and some acknowledged points in it are lost')
      await left.discard()
      expect(await readdir(directory)).toEqual(['00000001.log.damaged'])
      await rm(`${path}.damaged`)
    }
  })

  it('is told of and kept when nothing in a file can be read', async () => {
    const { path, bytes } = await writeThree()
    await writeFile(
      path,
      bytes.map((byte) => byte ^ 90),
    )
    const log = createFakeLog()
    const left = await readLog(directory, { id, position: 0 }, log)
    expect(log.lines).toEqual([expect.stringContaining('error: duckdb: the log is damaged')])
    await left.discard()
    expect(await readdir(directory)).toEqual(['00000001.log.damaged'])
  })

  it('is never mistaken for new when an old file is written over', async () => {
    const log = make()
    for (const value of [1, 2, 3]) await log.append(one(value))
    log.release(3)
    await log.append(one(4))
    expect(await readBack(3)).toEqual([4])
    // As after a crash before the first new write.
    expect(await readBack(4)).toEqual([])
  })

  it("is set aside when it is another store's", async () => {
    const { path } = await writeThree()
    const log = createFakeLog()
    const left = await readLog(directory, { id: 'fedcba9876543210', position: 0 }, log)
    expect(left.writes).toEqual([])
    expect(log.lines).toEqual([expect.stringContaining('belongs to another database and was set aside')])
    await left.discard()
    expect(await readdir(directory)).toEqual(['00000001.log.of-another-store'])
    await copyFile(`${path}.of-another-store`, path)
    expect(await readBack()).toEqual([1, 2, 3])
  })

  it('gives way to a new process, which takes neither its positions nor its file names', async () => {
    await writeThree()
    const left = await readLog(directory, { id, position: 0 }, createFakeLog())
    const log = make({ committed: left.newest, firstSegment: left.nextSegment })
    await log.append(one(4))
    expect(await readBack(3)).toEqual([4])
    await left.discard()
    expect(await readBack(3)).toEqual([4])
  })
})
