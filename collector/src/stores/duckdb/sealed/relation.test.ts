import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fc } from '../../../lib/fake-chance.ts'
import { silentLog } from '../../../lib/log.ts'
import { type Database, openDatabase } from '../database.ts'
import { readCatalogue } from './catalogue.ts'
import { dayOf } from './days.ts'
import { createSealedFolder, type SealedFolder } from './folder.ts'
import { createSealedRelations } from './relation.ts'
import { sealDay } from './seal-day.ts'

const startMs = Date.UTC(2026, 0, 1)
const fieldNames = ['a', 'b', 'c']
const seriesCount = 7
const rowsOfField = 5
/** The fields of a series follow on each other, as they come in lines. */
const fields = Array.from({ length: seriesCount * fieldNames.length }, (_, fid) => ({ fid, name: fieldNames[fid % 3] as string }))
const leadOf = (fid: number) => fid % 3

let dataDir: string
let database: Database
let connection: DuckDBConnection
let folder: SealedFolder

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tidewatch-relation-'))
  database = await openDatabase({ path: join(dataDir, 'm.duckdb'), memoryLimit: '256MB' })
  connection = await database.connect()
  folder = createSealedFolder({ path: database.sealedPath, log: silentLog })
  for (const { fid, name } of fields) {
    await connection.run(`INSERT INTO fields VALUES (${fid}, 'm', '${name}', 'float', '{"host":"${Math.floor(fid / 3)}"}')`)
  }
  await connection.run(
    `INSERT INTO floats SELECT ${startMs}000000 + i * 1000000000, fid, fid * 100 + i FROM fields, range(${rowsOfField}) AS t(i)`,
  )
})
afterEach(async () => {
  connection.closeSync()
  database.close()
  await rm(dataDir, { recursive: true })
})

async function seal(rowsPerFile: number): Promise<void> {
  const reader = await database.connect()
  let number = 0
  const doors = { reader, writer: connection, folder, categories: [], rowsPerFile, signal: new AbortController().signal }
  await sealDay({ ...doors, inTurn: (work) => work(), discard: () => {} }, dayOf(startMs), (stem) => `${stem}-${++number}.parquet`)
  reader.closeSync()
}

it('finds the values of any fields, however the files of a day are cut', async () => {
  await seal(12)
  expect((await readCatalogue(connection)).length).toBeGreaterThan(6)
  const relationOf = createSealedRelations({ folder, firstOpenDay: () => dayOf(startMs) + 1, leadOf })
  const range = { from: startMs + 1000, to: startMs + 4000 }
  const fids = fc.uniqueArray(fc.nat({ max: fields.length - 1 }), { minLength: 1 })
  await fc.assert(
    fc.asyncProperty(fids, async (wanted) => {
      const { sql } = await relationOf(connection, { type: 'float', range, fids: wanted })
      const reader = await connection.runAndReadAll(
        `SELECT value FROM ${sql} WHERE fid IN (${wanted.join(', ')}) AND time >= ${range.from}000000 AND time < ${range.to}000000 ORDER BY value`,
      )
      const values = wanted.toSorted((a, b) => a - b).flatMap((fid) => [1, 2, 3].map((i) => fid * 100 + i))
      expect(reader.getRows().map(([value]) => value)).toEqual(values)
    }),
    { numRuns: 60 },
  )
})

it('reads one file for one field of one series, and no others for a field of all series', async () => {
  await seal(15)
  const files = await readCatalogue(connection)
  const namesIn = (sql: string) => files.filter(({ name }) => sql.includes(name)).map(({ firstLead, lastLead }) => [firstLead, lastLead])
  const relationOf = createSealedRelations({ folder, firstOpenDay: () => dayOf(startMs) + 1, leadOf })
  const sqlOf = async (fids: number[]) =>
    (await relationOf(connection, { type: 'float', range: { from: startMs, to: startMs + 1 }, fids })).sql
  expect(namesIn(await sqlOf([1]))).toHaveLength(1)
  for (const [first = 0, last = 0] of namesIn(await sqlOf(fields.filter(({ name }) => name === 'b').map(({ fid }) => fid)))) {
    expect(first <= 1 && last >= 1).toBe(true)
  }
  expect(namesIn(await sqlOf([1, 4])).length).toBeLessThan(files.length)
})
