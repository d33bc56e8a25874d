import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createFakeClock, systemClock } from '../../lib/clock.ts'
import { silentLog } from '../../lib/log.ts'
import type { Store } from '../../model/store.ts'
import { askValues, point, startMs, write } from '../contract/subject.ts'
import { duckdb } from './duckdb.ts'

let dataDir: string
let path: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tidewatch-open-'))
  path = join(dataDir, 'metrics.duckdb')
})
afterEach(() => rm(dataDir, { recursive: true }))

function make(options: Readonly<Record<string, unknown>> = {}, clock = systemClock): Store {
  return duckdb.create(duckdb.schema.parse({ type: 'duckdb', ...options }), { log: silentLog, clock, fetch, dataDir })
}

/** Every word of layout 1, as it was: this text never changes. */
const layoutOne = [
  'CREATE TABLE schema_version (version INTEGER)',
  'INSERT INTO schema_version VALUES (1)',
  'CREATE TABLE fields (fid INTEGER, measurement VARCHAR, field VARCHAR, type VARCHAR, tags VARCHAR)',
  'CREATE TABLE floats (time BIGINT, fid INTEGER, value DOUBLE)',
  'CREATE TABLE integers (time BIGINT, fid INTEGER, value BIGINT)',
  'CREATE TABLE "unsigned" (time BIGINT, fid INTEGER, value UBIGINT)',
  'CREATE TABLE booleans (time BIGINT, fid INTEGER, value BOOLEAN)',
  'CREATE TABLE strings (time BIGINT, fid INTEGER, value VARCHAR)',
]

async function runSql(...statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(path)
  const connection = await instance.connect()
  for (const statement of statements) await connection.run(statement)
  connection.closeSync()
  instance.closeSync()
}

it('says who else may hold the file when another process has it open', async () => {
  const writer = spawn(process.execPath, [fileURLToPath(new URL('./crash-writer.ts', import.meta.url)), dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(writer.stdout, 'data')
  await expect(make().start()).rejects.toMatchObject({
    code: 'START_FAILED',
    message: `duckdb: cannot open ${path}: another process holds its lock. Stop that process or set store.path.`,
  })
  const ended = once(writer, 'exit')
  writer.kill('SIGKILL')
  await ended
})

it('refuses to open one file twice in a process, where the two would overwrite each other', async () => {
  const first = make()
  await first.start()
  await expect(make().start()).rejects.toMatchObject({
    code: 'START_FAILED',
    message: expect.stringContaining('this process has it open already'),
  })
  await first.stop()
  const second = make()
  await second.start()
  await second.stop()
})

it('refuses a file that is no database, says what to do, and leaves it as it was', async () => {
  await writeFile(path, 'not a database, and longer than a header '.repeat(1000))
  const before = await readFile(path)
  await expect(make().start()).rejects.toMatchObject({
    code: 'STORE_CORRUPT',
    message: expect.stringMatching(/is damaged and was left untouched: .* move it and .*\.wal away/),
  })
  expect(await readFile(path)).toEqual(before)
})

it('refuses a database that was cut off or overwritten in its middle', async () => {
  const store = make()
  await store.start()
  await write(store, ...Array.from({ length: 5000 }, (_, i) => point('m', { host: String(i) }, { v: i }, i)))
  await store.stop()
  const bytes = await readFile(path)
  await writeFile(path, bytes.subarray(0, Math.floor(bytes.length / 3)))
  await expect(make().start()).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
  await writeFile(path, Buffer.concat([bytes.subarray(0, 12_288), Buffer.alloc(bytes.length - 12_288, 7)]))
  await expect(make().start()).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
})

it("refuses another program's database and a newer layout", async () => {
  await runSql('CREATE TABLE theirs (x INTEGER)')
  await expect(make().start()).rejects.toMatchObject({
    code: 'START_FAILED',
    message: expect.stringContaining('a DuckDB file of another program'),
  })
  await runSql('CREATE TABLE schema_version (version INTEGER)', 'INSERT INTO schema_version VALUES (99)')
  await expect(make().start()).rejects.toMatchObject({ code: 'START_FAILED', message: expect.stringContaining('its layout is number 99') })
})

it('brings the file of an earlier layout up to its own, with all its values', async () => {
  await runSql(
    ...layoutOne,
    "INSERT INTO fields VALUES (0, 'm', 'v', 'float', '{}')",
    `INSERT INTO floats VALUES (${startMs}000000, 0, 1.5)`,
  )
  for (let round = 0; round < 2; round++) {
    const store = make()
    await store.start()
    await write(store, point('m', {}, { v: 2.5 }, 1), point('m', {}, { s: 'text' }, 1))
    expect(await askValues(store, {})).toEqual([1.5, 2.5])
    await store.stop()
  }
})

it('refuses a path where it cannot write', async () => {
  await mkdir(path)
  await expect(make().start()).rejects.toMatchObject({ code: expect.toBeOneOf(['START_FAILED', 'STORE_CORRUPT']) })
  await writeFile(join(dataDir, 'file'), '')
  await expect(make({ path: join(dataDir, 'file', 'm.db') }).start()).rejects.toMatchObject({ code: 'START_FAILED' })
  if (process.getuid?.() === 0) return
  await chmod(dataDir, 0o500)
  await expect(make({ path: join(dataDir, 'new.db') }).start()).rejects.toMatchObject({ code: 'START_FAILED' })
  await chmod(dataDir, 0o700)
})

it('answers with a sentence before it was started and after it was stopped', async () => {
  const store = make()
  await expect(store.measurements()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true })
  await store.start()
  await write(store, point('m', {}, { v: 1 }, 0))
  await store.stop()
  await store.stop()
  await expect(write(store, point('m', {}, { v: 1 }, 0))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
})

it('keeps one value a time when points are rewritten right after a restart', async () => {
  // One field far ahead makes every other one look late until its own newest time is known.
  const first = make()
  await first.start()
  await write(first, point('ahead', {}, { v: 1 }, 3000), ...[0, 1, 2].map((at) => point('m', {}, { v: at }, at)))
  await first.stop()
  const second = make()
  await second.start()
  await write(second, point('m', {}, { v: 10 }, 1), point('m', {}, { v: 30 }, 3))
  await askValues(second, {})
  await write(second, point('m', {}, { v: 31 }, 3), point('m', {}, { v: 40 }, 4))
  await write(second, point('m', {}, { v: 41 }, 4), point('m', {}, { v: 11 }, 1))
  expect(await askValues(second, {})).toEqual([0, 11, 2, 31, 41])
  expect(await askValues(second, { aggregate: 'count' })).toEqual([5])
  await second.stop()
})

it('deletes points older than the retention, every ten minutes', async () => {
  const clock = createFakeClock(startMs + 3_600_000)
  const store = make({ retention: '30m' }, clock)
  await store.start()
  await write(store, ...[10, 20, 40, 50].map((minute) => point('m', {}, { v: minute }, minute * 60)))
  await clock.advance(60_000)
  // Waits for the round that the clock has begun.
  await store.seal?.()
  await write(store, point('m', {}, { v: 55 }, 55 * 60))
  expect(await askValues(store, {})).toEqual([40, 50, 55])
  await store.stop()
})

it('runs more queries than it has connections, and stops those still waiting', async () => {
  const store = make({ queriesAtOnce: 1 })
  await store.start()
  await write(store, ...Array.from({ length: 3000 }, (_, i) => point('m', { host: String(i) }, { v: i }, i)))
  const controller = new AbortController()
  const query = (signal?: AbortSignal) =>
    store.query(
      { measurement: 'm', fields: ['v'], aggregate: 'p95', where: [], groupBy: [], fill: 'none', limit: 10, seriesMax: 10 },
      { from: startMs, to: startMs + 3_600_000 },
      signal,
    )
  const answers = [query(), query(), query(controller.signal), query()]
  controller.abort()
  const outcomes = await Promise.allSettled(answers)
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  await store.stop()
})

it('ends the queries under way when it stops', async () => {
  const store = make()
  await store.start()
  await write(store, point('m', {}, { v: 1 }, 0))
  const answers = Array.from({ length: 20 }, () => askValues(store, { aggregate: 'mean' }))
  const settled = Promise.allSettled(answers)
  await store.stop()
  for (const outcome of await settled) {
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'SHUTTING_DOWN' })
    else expect(outcome.value).toEqual([1])
  }
})
