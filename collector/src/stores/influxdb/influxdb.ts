import { z } from 'zod'
import { durationSchema } from '../../lib/duration.ts'
import { AppError, messageOf } from '../../lib/errors.ts'
import { defineStore, type StoreDoors } from '../../model/kinds.ts'
import type { MetricsQuery, TimeRange } from '../../model/query.ts'
import type { Store, StoreStatus } from '../../model/store.ts'
import { throwIfCancelled } from '../shared/cancel.ts'
import { withHistograms } from '../shared/histogram-query.ts'
import { createPlan } from '../shared/plan.ts'
import { type Administration, createAdministration } from './administration.ts'
import { type Catalog, createCatalog } from './catalog.ts'
import { type Connection, createConnection } from './connection.ts'
import { ensureRetentionPolicy } from './retention-policy.ts'
import { isPolicyOf, rollupsSchema, toRollupOptions } from './rollups/options.ts'
import { createRollups, type Rollups } from './rollups/rollups.ts'
import { createRunQuery } from './run-query.ts'
import { type RunStatement, selectFrames } from './select.ts'
import { createWriter } from './write.ts'

const name = z.string().min(1).max(256)

const hourMs = 3_600_000
const longDuration = durationSchema.refine((ms) => ms >= hourMs, 'must be an hour or more')

const influxdbShape = z.strictObject({
  type: z.literal('influxdb'),
  url: z
    .url({ protocol: /^https?$/ })
    .refine((url) => !URL.canParse(url) || new URL(url).username === '', 'holds a user name; use username and password instead')
    .default('http://127.0.0.1:8086')
    .describe('Address of InfluxDB 1.x, or of anything that speaks its version 1 API.'),
  database: name
    .regex(/^[^\\\n\r\0]+$/, 'holds a backslash or a control character')
    .default('tidewatch')
    .describe('Created when it does not exist.'),
  retentionPolicy: name
    .optional()
    .describe('Left out: the default one of the database. It must exist, unless retention says what it is to be.'),
  retention: longDuration
    .optional()
    .describe('How long points are kept in retentionPolicy, which is created or changed. Left out: as it is.'),
  shardDuration: longDuration.optional().describe('How much time a shard of it spans. Left out: what InfluxDB finds right.'),
  username: name.optional(),
  password: z.string().optional(),
  token: z.string().min(1).optional().describe('For InfluxDB 2 and 3 in place of username and password; InfluxDB 1 refuses it.'),
  timeout: durationSchema.prefault('30s').describe('How long a request may go without an answer.'),
  writesAtOnce: z.int().min(1).max(32).default(8).describe('Large batches that are sent beside each other.'),
  unsigned: z
    .enum(['integer', 'native'])
    .default('integer')
    .describe('InfluxDB 1 cannot read unsigned integers, so they are written as signed ones; native keeps them as they are.'),
  rollups: rollupsSchema,
})

export const influxdbOptions = influxdbShape
  .refine(
    ({ retention, shardDuration, retentionPolicy }) =>
      retentionPolicy !== undefined || (retention === undefined && shardDuration === undefined),
    { path: ['retentionPolicy'], error: 'is missing: retention and shardDuration belong to a policy by name' },
  )
  .refine(({ rollups, retentionPolicy }) => !isPolicyOf(rollups, retentionPolicy), {
    path: ['retentionPolicy'],
    error: 'is one of the policies of rollups: choose another one, or another rollups.policyPrefix',
  })

type Options = Omit<z.output<typeof influxdbOptions>, 'type'>

/** An InfluxDB that runs elsewhere. Writes are raw line protocol; its own client costs twenty times the CPU. */
export const influxdb = defineStore({ type: 'influxdb', schema: influxdbOptions, create: createInfluxdbStore })

export function createInfluxdbStore(
  { timeout: timeoutMs, ...options }: Options,
  { log, ...doors }: Omit<StoreDoors, 'fetch'>,
): Store & { roll(): Promise<void> } {
  const connection = createConnection({ ...options, timeoutMs })
  const runQuery = createRunQuery(connection, options.database)
  const catalog = createCatalog(options, runQuery)
  const administration = createAdministration({ ...options, timeoutMs })
  const createDatabase = async () => {
    await administration.createDatabase()
    await ensureRetentionPolicy(runQuery, options)
  }
  const rollupOptions = toRollupOptions(options.rollups)
  const rollups = rollupOptions && createRollups({ ...options, ...doors, log, connection, runQuery, catalog, options: rollupOptions })
  const write = createWriter({ ...options, timeoutMs, connection, catalog, createDatabase })

  return withHistograms({
    kind: 'influxdb',
    writesAtOnce: options.writesAtOnce,
    returnsBatches: true,
    /** An InfluxDB that is down does not keep Tidewatch from starting; refused credentials do. */
    async start() {
      try {
        await createDatabase()
      } catch (cause) {
        if (cause instanceof AppError && /refused the credentials/.test(cause.message))
          throw new AppError('START_FAILED', cause.message, { cause })
        log.warn({ err: cause }, 'influxdb: not ready at the start; the database is created with the first write')
      }
      await rollups?.start()
    },
    async stop() {
      await rollups?.stop()
      connection.close()
    },
    write: rollups ? (batch, signal) => rollups.around(batch, () => write(batch, signal)) : write,
    roll: async () => rollups?.roll(),
    async query(query: MetricsQuery, range: TimeRange, signal?: AbortSignal) {
      throwIfCancelled(signal)
      const types = new Map((await catalog.fields(query.measurement, signal)).map((field) => [field.name, field.type]))
      const plan = createPlan(query, range, types)
      const run: RunStatement = (statement, epoch) => runQuery(statement, { epoch, signal })
      return (await rollups?.select(plan, run, signal)) ?? selectFrames(plan, options, run)
    },
    measurements: (signal) => catalog.measurements(signal),
    fields: (measurement, signal) => catalog.fields(measurement, signal),
    tags: (measurement, signal) => catalog.tags(measurement, signal),
    tagValues: (measurement, tag, where = [], signal) => catalog.tagValues(measurement, tag, where, signal),
    status: (signal) => statusOf({ connection, administration, catalog, rollups }, signal),
  })
}

type StatusDoors = {
  readonly connection: Connection
  readonly administration: Administration
  readonly catalog: Catalog
  readonly rollups: Rollups | undefined
}

async function statusOf(
  { connection: { address }, administration, catalog, rollups }: StatusDoors,
  signal?: AbortSignal,
): Promise<StoreStatus> {
  const version = await administration.version()
  if (version === undefined) return { ok: false, message: `influxdb: ${address} does not answer. Check store.url and that InfluxDB runs.` }
  try {
    const rolled = rollups ? `; ${rollups.status()}` : ''
    return { ok: true, message: `influxdb: ${address}, version ${version}${rolled}`, seriesCount: await catalog.seriesCount(signal) }
  } catch (cause) {
    return { ok: false, message: messageOf(cause) }
  }
}
