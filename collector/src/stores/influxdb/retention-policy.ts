import { messageOf } from '../../lib/errors.ts'
import { quoteName } from './influxql.ts'
import type { RunQuery } from './run-query.ts'

export type RetentionOptions = {
  readonly database: string
  readonly retentionPolicy?: string | undefined
  readonly retention?: number | undefined
  readonly shardDuration?: number | undefined
}

/** Creates the retention policy as the configuration wants it, or changes one that is there; without `retention` it leaves policies alone. */
export async function ensureRetentionPolicy(runQuery: RunQuery, options: RetentionOptions): Promise<void> {
  const { database, retentionPolicy, retention, shardDuration } = options
  if (retentionPolicy === undefined || retention === undefined) return
  const policy = `RETENTION POLICY ${quoteName(retentionPolicy)} ON ${quoteName(database)}`
  const shards = shardDuration === undefined ? '' : ` SHARD DURATION ${shardDuration}ms`
  const terms = `DURATION ${retention}ms REPLICATION 1${shards}`
  try {
    await run(runQuery, `CREATE ${policy} ${terms}`)
  } catch (cause) {
    if (!/already exists/.test(messageOf(cause))) throw cause
    await run(runQuery, `ALTER ${policy} ${terms}`)
  }
}

async function run(runQuery: RunQuery, text: string): Promise<void> {
  for await (const _ of runQuery({ text, parameters: {} }, { epoch: 'ms' }));
}
