import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createFakeClock } from '../../lib/clock.ts'
import { type Database, openDatabase } from './database.ts'
import { createQueryPool, type QueryPool } from './query-pool.ts'

let directory: string
let database: Database
let pool: QueryPool
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidewatch-pool-'))
  database = await openDatabase({ path: join(directory, 'm.duckdb'), memoryLimit: '256MB' })
  pool = await createQueryPool({ database, size: 1, clock: createFakeClock() })
})
afterEach(async () => {
  await pool.close()
  database.close()
  await rm(directory, { recursive: true })
})

it('answers from one moment, whatever is committed between planning and running', async () => {
  const writer = await database.connect()
  await writer.run('INSERT INTO floats (time, fid, value) SELECT 1, range, 0 FROM range(4)')
  const groups = await pool.use(undefined, async (connection) => {
    const planned = await connection.prepare('SELECT fid, max(time) FROM floats GROUP BY fid')
    await writer.run('INSERT INTO floats (time, fid, value) SELECT 2, range, 0 FROM range(1000)')
    return (await planned.runAndReadAll()).getRows().length
  })
  expect(groups).toBe(4)
  const now = await pool.use(undefined, async (connection) => (await connection.runAndReadAll('SELECT count(*) FROM floats')).getRows())
  expect(now).toEqual([[1004n]])
  writer.closeSync()
})

it('lends the connection on after a query that failed', async () => {
  await expect(pool.use(undefined, (connection) => connection.run('SELECT nonsense'))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  expect(await pool.use(undefined, async (connection) => (await connection.runAndReadAll('SELECT 1')).getRows())).toEqual([[1]])
})
