import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createFakeClock } from '../../lib/clock.ts'
import { silentLog } from '../../lib/log.ts'
import { createCommitter } from './committer.ts'
import { type Database, openDatabase } from './database.ts'
import { toWritten } from './log/fake-rows.ts'
import { createNewestTimes } from './newest-times.ts'
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
  return (await connection.runAndReadAll('SELECT fid, time::INTEGER, value FROM floats ORDER BY ALL')).getRowsJS()
}

function make(commits: DuckDBConnection, clock = createFakeClock()) {
  const doors = { newest: createNewestTimes(), onLate: () => {}, onWritten: async () => {}, onCommitted: () => {}, path: database.path }
  const { commit } = createWriter({ ...doors, connection: commits })
  const committed: number[] = []
  const onCommitted = (position: number) => void committed.push(position)
  return { committed, committer: createCommitter({ commit, onCommitted, position: 0, valuesMax: 1000, clock, log: silentLog }) }
}

it('commits nothing of a set whose COMMIT fails, tells of it, and commits all of it at the next try', async () => {
  const clock = createFakeClock()
  const { committer, committed } = make(failing('COMMIT', 2), clock)
  // A rewrite among them, which the first try has already taken apart.
  committer.add(toWritten([0, 1, 10], [0, 2, 20], [0, 1, 11]), 1)
  for (let round = 0; round < 2; round++) {
    await expect(committer.flush()).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      retryable: true,
      message: expect.stringContaining('No space left'),
    })
    expect(await readAll()).toEqual([])
    expect(committer.lastFailure()).toContain('No space left')
    committer.add(toWritten([0, 2, 21 + round]), 2 + round)
  }
  await committer.flush()
  expect(await readAll()).toEqual([
    [0, 1, 11],
    [0, 2, 22],
  ])
  expect(committed.at(-1)).toBe(3)
  expect(committer.lastFailure()).toBeUndefined()
  expect((await connection.runAndReadAll('SELECT position FROM log_position')).getRowsJS()).toEqual([[3n]])
})

it('commits by itself a second after the first row came, and not again when nothing is left', async () => {
  const clock = createFakeClock()
  const { committer, committed } = make(connection, clock)
  committer.add(toWritten([0, 1, 10]), 1)
  await clock.advance(999)
  expect(committed).toEqual([])
  await clock.advance(1)
  await committer.close()
  await clock.advance(60_000)
  expect(committed).toEqual([1])
})

it('lets writes wait for room, and refuses them while the database takes nothing', async () => {
  const { committer, committed } = make(failing('COMMIT', 1))
  const many = Array.from({ length: 1000 }, (_, i): [number, number, number] => [0, i + 1, i])
  committer.add(toWritten(...many), 1)
  await expect(committer.flush()).rejects.toThrow('No space left')
  committer.add(toWritten(...many), 2)
  await expect(committer.room()).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    retryable: true,
    message: expect.stringMatching(/1000 accepted values wait .*store\.waitingValuesMax.*No space left/),
  })
  await committer.flush()
  await committer.room()
  expect(committed).toEqual([1, 2])
})
