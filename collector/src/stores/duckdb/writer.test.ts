import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { point } from '../contract/subject.ts'
import { toTestBatch } from '../contract/test-batch.ts'
import { createDictionary } from '../shared/dictionary.ts'
import { createBatchResolver } from '../shared/resolve-batch.ts'
import { type Database, openDatabase } from './database.ts'
import { createNewestTimes } from './newest-times.ts'
import { createWriteQueue } from './write-queue.ts'
import { createWriter } from './writer.ts'

let directory: string
let database: Database
let connection: DuckDBConnection
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidewatch-writer-'))
  database = await openDatabase({ path: join(directory, 'm.duckdb'), memoryLimit: '256MB' })
  connection = await database.connect()
})
afterEach(async () => {
  connection.closeSync()
  database.close()
  await rm(directory, { recursive: true })
})

/** The connection, but for a statement that fails as it does on a full disk. */
function failing(statement: string, times: number): DuckDBConnection {
  let left = times
  return new Proxy(connection, {
    get(target, name) {
      if (name !== 'run') return Reflect.get(target, name).bind(target)
      return (sql: string) => (sql === statement && left-- > 0 ? Promise.reject(new Error('No space left on device')) : target.run(sql))
    },
  })
}

async function readAll(): Promise<unknown[][]> {
  return (await connection.runAndReadAll('SELECT field, value FROM floats JOIN fields USING (fid) ORDER BY field, value')).getRowsJS()
}

it('writes nothing of a batch whose COMMIT fails, and all of it when it is sent again', async () => {
  const dictionary = createDictionary()
  const doors = {
    resolver: createBatchResolver(dictionary),
    newest: createNewestTimes(),
    onLate: () => {},
    onCommitted: () => {},
    path: database.path,
  }
  const writer = createWriter({ ...doors, connection: failing('COMMIT', 2) })
  const batch = toTestBatch([point('m', {}, { a: 1, b: 2 }, 0), point('m', {}, { a: 3 }, 0)])
  for (let round = 0; round < 2; round++) {
    await expect(writer.write(batch)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      retryable: true,
      message: expect.stringContaining('No space left'),
    })
    expect(await readAll()).toEqual([])
    expect(dictionary.measurements()).toEqual([])
  }
  await writer.write(batch)
  expect(await readAll()).toEqual([
    ['a', 3],
    ['b', 2],
  ])
  expect(dictionary.fieldCount()).toBe(2)
})

it('goes on after a failed write, and tells of it until one succeeds', async () => {
  const queue = createWriteQueue()
  const failed = queue.run(() => Promise.reject(new Error('disk full')))
  const next = queue.run(async () => queue.lastFailure())
  await expect(failed).rejects.toThrow('disk full')
  expect(await next).toBe('disk full')
  expect(queue.lastFailure()).toBeUndefined()
})

it('does not begin a write that its caller has given up, and takes none after it was closed', async () => {
  const queue = createWriteQueue()
  await expect(queue.run(async () => 'written', AbortSignal.abort())).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT', retryable: true })
  await queue.close()
  await expect(queue.run(async () => 'written')).rejects.toMatchObject({ code: 'SHUTTING_DOWN' })
})
