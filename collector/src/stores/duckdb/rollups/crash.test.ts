import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { createFakeClock } from '../../../lib/clock.ts'
import { silentLog } from '../../../lib/log.ts'
import { ask, startMs } from '../../contract/subject.ts'
import { createDuckdbStore, duckdb } from '../duckdb.ts'

const rounds = 4
const hourMs = 3_600_000

/** Starts the writer, kills it some batches later without warning, and returns the last batch that it told of. */
async function runUntilKilled(dataDir: string, firstBatch: number, killAfter: number): Promise<number> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./crash-writer.ts', import.meta.url)), dataDir, String(firstBatch)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let last = firstBatch
  for await (const text of child.stdout) {
    last = Number(String(text).trim().split('\n').at(-1))
    if (last >= firstBatch + killAfter) break
  }
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
  return last
}

it('answers like the raw values after kill -9 in the middle of writing and rolling', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tidewatch-roller-'))
  let batch = 0
  for (let round = 0; round < rounds; round++) {
    batch = (await runUntilKilled(dataDir, batch, 3 + round * 2)) + 2
    const doors = { log: silentLog, clock: createFakeClock(0), fetch, dataDir }
    const store = createDuckdbStore(duckdb.schema.parse({ type: 'duckdb' }), doors)
    await store.start()
    const range = { from: startMs, to: startMs + Math.ceil((batch * 900_000) / hourMs) * hourMs }
    const [raw] = await ask(store, { limit: 100_000 }, range)
    const values = raw?.v as number[]
    const hours = Map.groupBy(values, (_, i) => Math.floor((raw?.seconds[i] ?? 0) / 3600))
    for (const [aggregate, of] of [
      ['sum', (some: number[]) => some.reduce((sum, value) => sum + value, 0)],
      ['count', (some: number[]) => some.length],
      ['max', (some: number[]) => Math.max(...some)],
    ] as const) {
      const [answer] = await ask(store, { aggregate, everyMs: hourMs }, range)
      expect(answer?.v).toEqual([...hours.values()].map((some) => expect.closeTo(of(some), 6)))
    }
    await store.stop()
  }
  await rm(dataDir, { recursive: true })
})
