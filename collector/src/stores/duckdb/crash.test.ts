import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { systemClock } from '../../lib/clock.ts'
import { silentLog } from '../../lib/log.ts'
import { ask, startMs } from '../contract/subject.ts'
import { duckdb } from './duckdb.ts'

let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tidewatch-crash-'))
})
afterEach(() => rm(dataDir, { recursive: true }))

const writerPath = fileURLToPath(new URL('./crash-writer.ts', import.meta.url))

/** Lets a process of its own write until it has acknowledged some batches, and kills it there and then. */
async function writeUntilKilled(firstBatch: number, batches: number): Promise<number> {
  const child = spawn(process.execPath, [writerPath, dataDir, String(firstBatch)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  let acknowledged = firstBatch - 1
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged = Number(line)
    if (acknowledged === firstBatch + batches) child.kill('SIGKILL')
  }
  await ended
  return acknowledged
}

it('has every acknowledged point, and no part of another batch, after kill -9', async () => {
  let firstBatch = 0
  for (const batches of Array.from({ length: 20 }, (_, round) => 1 + ((round * 7) % 25))) {
    const acknowledged = await writeUntilKilled(firstBatch, batches)
    const store = duckdb.create(duckdb.schema.parse({ type: 'duckdb' }), { log: silentLog, clock: systemClock, fetch, dataDir })
    await store.start()
    const perBatch = { aggregate: 'count', everyMs: 1000, fields: ['v', 's'] } as const
    const frames = await ask(store, perBatch, { from: startMs, to: startMs + 3_600_000 })
    const counts = frames[0]?.v as number[]
    expect(counts.length).toBeGreaterThan(acknowledged)
    // The batch after the last acknowledged one may be there, but then whole.
    expect(counts.length).toBeLessThanOrEqual(acknowledged + 2)
    expect(counts.every((count) => count === 200)).toBe(true)
    expect(frames[0]?.s).toEqual(counts)
    await store.stop()
    firstBatch = counts.length
  }
})
