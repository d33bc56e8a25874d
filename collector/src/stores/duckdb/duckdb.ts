import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { z } from 'zod'
import { durationSchema } from '../../lib/duration.ts'
import { AppError, invariant } from '../../lib/errors.ts'
import type { Batch } from '../../model/batch.ts'
import { defineStore, type StoreDoors } from '../../model/kinds.ts'
import type { ExportRequest, Store, StoreStatus, WriteResult } from '../../model/store.ts'
import { throwIfCancelled } from '../shared/cancel.ts'
import { createDictionary, tagValuesOf } from '../shared/dictionary.ts'
import { compareText } from '../shared/group-set.ts'
import { withHistograms } from '../shared/histogram-query.ts'
import { createPlan } from '../shared/plan.ts'
import { createRegexMatcher, filterSeries } from '../shared/tag-filters.ts'
import { corrupt, type Database, openDatabase } from './database.ts'
import { exportLines } from './export-lines.ts'
import { createLastValues } from './last/last-values.ts'
import { createNewestSearch, loadDictionary } from './load.ts'
import { createNewestTimes } from './newest-times.ts'
import { openWritePath } from './open-write-path.ts'
import { createQueryPool, type QueryPool } from './query-pool.ts'
import type { RelationOf } from './relation.ts'
import { retentionSchema, toRetention } from './retention.ts'
import { createRollups, defaultPace, type RollupPace } from './rollups/rollups.ts'
import { openSealedDays, type SealedDays } from './sealed/sealed-days.ts'
import { selectFrames } from './select.ts'
import { createWriter } from './writer.ts'

export const duckdbOptions = z.strictObject({
  type: z.literal('duckdb'),
  path: z.string().min(1).optional().describe('The file that holds the metrics; left out: metrics.duckdb in the data directory.'),
  memoryLimit: z
    .string()
    .regex(/^[1-9]\d*(MB|MiB|GB|GiB)$/, 'write it like 512MB or 2GB')
    .default('512MB')
    .describe('Memory for tables and queries. The process as a whole needs a few hundred megabytes more.'),
  threads: z.int().min(1).max(256).optional().describe('Threads for queries; left out: one for each processor.'),
  waitingValuesMax: z
    .int()
    .min(1000)
    .default(500_000)
    .describe('Values that may wait in the log and in memory to be brought into the database; 20 bytes each, twice.'),
  queriesAtOnce: z.int().min(1).max(64).default(4).describe('Queries that run at once; further ones wait in line.'),
  sealAfter: durationSchema
    .prefault('1h')
    .describe('How long after its end a day (UTC) stays open for late points, before it is sealed into files of its own.'),
  retention: retentionSchema,
  rollupRetention: z
    .strictObject({
      '1m': durationSchema.prefault('14d'),
      '5m': durationSchema.prefault('90d'),
      '15m': durationSchema.prefault('180d'),
      '1h': durationSchema.prefault('365d'),
      '1d': durationSchema.optional(),
    })
    .prefault({})
    .describe('How long roll-ups of each width are kept, beyond the points themselves; 1d left out: for ever.'),
})

type Options = Omit<z.output<typeof duckdbOptions>, 'type'>

/** The embedded store: one DuckDB file, nothing to install. */
export const duckdb = defineStore({ type: 'duckdb', schema: duckdbOptions, create: (options, doors) => createDuckdbStore(options, doors) })

type Open = Awaited<ReturnType<typeof openStore>>

/** `pace` is for tests, which roll at once what they wrote. */
export function createDuckdbStore(options: Options, doors: StoreDoors, pace: RollupPace = defaultPace): Store & { roll(): Promise<void> } {
  let open: Open | undefined
  const opened = (): Open => {
    if (!open) throw new AppError('STORE_UNAVAILABLE', 'duckdb: the store is not open; it is starting or stopping.', { retryable: true })
    return open
  }

  return withHistograms({
    kind: 'duckdb',
    returnsBatches: true,
    async start() {
      invariant(!open, 'a store is started once')
      open = await openStore(options, doors, pace)
    },
    async stop() {
      const closing = open
      open = undefined
      await closing?.close()
    },
    write: async (batch, signal) => opened().write(batch, signal),
    query: async (query, range, signal) => opened().query(query, range, signal),
    measurements: async () => opened().dictionary.measurements(),
    fields: async (measurement) =>
      [...opened().dictionary.types(measurement)].map(([name, type]) => ({ name, type })).sort((a, b) => compareText(a.name, b.name)),
    tags: async (measurement) => opened().dictionary.tags(measurement),
    tagValues: async (measurement, tag, where = []) => {
      const { dictionary, matchRegex } = opened()
      return tagValuesOf(await filterSeries(dictionary.seriesOfAny(measurement), where, matchRegex), tag)
    },
    seal: async () => opened().seal(),
    export: (wanted, signal) => opened().export(wanted, signal),
    status: async () => opened().status(),
    roll: () => opened().roll(),
  })
}

async function openStore(options: Options, doors: StoreDoors, pace: RollupPace) {
  const database = await openDatabase({ ...options, path: options.path ?? join(doors.dataDir, 'metrics.duckdb') })
  const connection = await database.connect()
  try {
    return await openOn(database, connection, options, doors, pace)
  } catch (thrown) {
    connection.closeSync()
    database.close()
    throw thrown instanceof AppError ? thrown : corrupt(database.path, thrown)
  }
}

async function openOn(database: Database, connection: DuckDBConnection, options: Options, { clock, log }: StoreDoors, pace: RollupPace) {
  const dictionary = createDictionary()
  const newest = createNewestTimes()
  const last = createLastValues()
  await loadDictionary(connection, dictionary, newest)
  const pool = await createQueryPool({ database, size: options.queriesAtOnce, clock })
  const matchRegex = createRegexMatcher((work) => pool.use(undefined, work))
  const search = createNewestSearch(newest, last, dictionary.fieldCount())
  const relationOf: RelationOf = (reader, wanted) => days.relationOf(reader, wanted)
  const rollups = await createRollups({
    connection: await database.connect(),
    relationOf,
    betweenWrites: (work) => writes.inTurn(work),
    clock,
    log,
    keepMs: options.rollupRetention,
    pace,
  })
  const { path } = database
  const writer = createWriter({ connection, newest, onLate: search.note, onWritten: rollups.note, onCommitted: last.note, path })
  const { waitingValuesMax } = options
  const writes = await openWritePath({ path, connection, dictionary, writer, waitingValuesMax, clock, log })
  const searching = pool
    .use(undefined, (idle) => search.run(idle))
    .catch((err) => {
      if (!(err instanceof AppError && err.code === 'SHUTTING_DOWN'))
        log.warn({ err }, 'duckdb: the newest time of each field was not found; late points stay slower')
    })
  const days = await openSealedDays({
    ...{ database, clock, log, writer: connection, leadOf: dictionary.leadOf },
    inTurn: writes.inTurn,
    flush: writes.flush,
    readersEnded: async () => void (await Promise.all([pool.ended(), rollups.stepEnded()])),
    sealAfterMs: options.sealAfter,
    retention: toRetention(options.retention),
    onExpiring: (timeNs) => rollups.willDeleteBefore(connection, timeNs),
    onExpired: ({ beforeNs, fids }) => last.forgetBefore(beforeNs, fids),
  })

  rollups.start()
  return {
    dictionary,
    matchRegex,
    write: (batch: Batch, signal?: AbortSignal): Promise<WriteResult> => writes.write(batch, signal),
    query: async (...[query, range, signal]: Parameters<Store['query']>) => {
      const plan = createPlan(query, range, dictionary.types(query.measurement))
      const series = await filterSeries(dictionary.seriesOf(query.measurement), query.where, matchRegex)
      throwIfCancelled(signal)
      await writes.flush()
      return selectFrames({ use: (work) => pool.use(signal, work), relationOf, last, coverage: rollups.coverage }, plan, series)
    },
    roll: async () => {
      await writes.flush()
      await rollups.roll()
    },
    seal: days.seal,
    async *export({ range, measurement, where }: ExportRequest, signal?: AbortSignal) {
      await writes.flush()
      const series = await filterSeries(dictionary.seriesOfAny(measurement), where, matchRegex)
      const typeOf = (name: string, field: string) => dictionary.types(name).get(field)
      yield* exportLines({ use: (work) => pool.use(signal, work), relationOf, typeOf }, series, range)
    },
    status: () => statusOf(database, writes.lastFailure(), writes.logBytes(), dictionary.seriesCount(), days),
    async close() {
      await days.close()
      await rollups.stop()
      await writes.close()
      await closeAll(database, pool, connection, searching)
    },
  }
}

async function closeAll(database: Database, pool: QueryPool, connection: DuckDBConnection, searching: Promise<void>): Promise<void> {
  await pool.close()
  await searching
  connection.closeSync()
  database.close()
}

async function statusOf(
  { path }: Database,
  failure: string | undefined,
  logBytes: number,
  seriesCount: number,
  days: SealedDays,
): Promise<StoreStatus> {
  const sizes = await Promise.all(
    [path, `${path}.wal`].map((file) =>
      stat(file)
        .then(({ size }) => size)
        .catch(() => 0),
    ),
  )
  const bytesOnDisk = sizes.reduce((sum, size) => sum + size, logBytes + days.bytes())
  const missing = days.missingFiles()
  const message = missing === 0 ? `duckdb: ${path}` : `duckdb: ${path}, without ${missing} sealed files that are not there`
  return { ok: failure === undefined, message: failure ?? message, bytesOnDisk, seriesCount }
}
