import { parseDuration } from '../../../lib/duration.ts'
import { AppError } from '../../../lib/errors.ts'
import { levels } from '../../shared/rollups/levels.ts'
import { quoteName } from '../influxql.ts'
import type { RunQuery } from '../run-query.ts'
import { policyOf, type RollupOptions } from './options.ts'

export type PolicyDoors = {
  readonly runQuery: RunQuery
  readonly database: string
  readonly retentionPolicy?: string | undefined
  readonly options: RollupOptions
}

export type Prepared = {
  /** Whether a policy had to be created: what was rolled before is gone. */
  readonly isNew: boolean
  /** How long raw points are kept; left out: for ever, or not known. */
  readonly rawKeptMs?: number
}

/** Creates the policies that are missing. InfluxDB 2 and 3 know no such statement; there the writes tell whether it works. */
export async function preparePolicies(doors: PolicyDoors, signal: AbortSignal): Promise<Prepared> {
  const { database, retentionPolicy, options } = doors
  try {
    const found = await run(doors, `SHOW RETENTION POLICIES ON ${quoteName(database)}`, signal)
    const missing = levels.filter((level) => !found.some(([name]) => name === policyOf(options, level)))
    for (const level of missing) {
      const keptMs = options.retention[level.name]
      const duration = keptMs === undefined ? 'INF' : `${keptMs}ms`
      const policy = `${quoteName(policyOf(options, level))} ON ${quoteName(database)}`
      await run(doors, `CREATE RETENTION POLICY ${policy} DURATION ${duration} REPLICATION 1`, signal)
    }
    const raw = found.find(([name, , , , isDefault]) => (retentionPolicy === undefined ? isDefault === true : name === retentionPolicy))
    const rawKeptMs = parseDuration(String(raw?.[1] ?? '0'))
    return { isNew: missing.length > 0, ...(rawKeptMs && { rawKeptMs }) }
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'QUERY_INVALID') return { isNew: false }
    throw thrown
  }
}

async function run({ runQuery }: PolicyDoors, text: string, signal: AbortSignal): Promise<readonly (readonly unknown[])[]> {
  const rows: (readonly unknown[])[] = []
  for await (const { values } of runQuery({ text, parameters: {} }, { epoch: 'ms', signal })) rows.push(...(values ?? []))
  return rows
}
