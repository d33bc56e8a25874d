import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openDatabase } from './database.ts'
import { createLastValues } from './last/last-values.ts'
import { createNewestSearch } from './load.ts'
import { createNewestTimes } from './newest-times.ts'

const rowAt = (time: bigint) => ({ length: 1, times: BigInt64Array.of(time), fids: Int32Array.of(0), values: Float64Array.of(1) })

it('never lowers the bound of a field that was written to before the search could see it', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tidewatch-load-'))
  const database = await openDatabase({ path: join(directory, 'm.duckdb'), memoryLimit: '256MB' })
  const connection = await database.connect()
  await connection.run('INSERT INTO floats VALUES (5, 0, 1), (5, 1, 1), (7, 2, 1)')
  const newest = createNewestTimes()
  for (const fid of [0, 1, 2]) newest.set(fid, 7n)
  const last = createLastValues()
  const search = createNewestSearch(newest, last, 3)
  // Under way, not committed: a new value of field 0, a late one of field 1, and the first of a new field.
  newest.advance(0, 0, 12)
  search.note({ ...rowAt(6n), fids: Int32Array.of(1) })
  newest.advance(3, 0, 12)
  await search.run(connection)
  expect([0, 1, 2, 3].map((fid) => newest.get(fid))).toEqual([12n, 6n, 7n, 12n])
  expect([0, 1, 2].map((fid) => last.of(fid)?.timeNs)).toEqual([5n, 5n, 7n])
  connection.closeSync()
  database.close()
  await rm(directory, { recursive: true })
})
