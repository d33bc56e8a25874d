import { InfluxDB } from 'influx'
import { type AppError, messageOf } from '../../lib/errors.ts'
import type { FieldType } from '../../model/point.ts'
import type { TagFilter } from '../../model/query.ts'
import type { FieldInfo } from '../../model/store.ts'
import { cancelled } from '../shared/cancel.ts'
import { compareText } from '../shared/group-set.ts'
import { type ConnectionOptions, toAnswerError, unreachable } from './connection.ts'
import { fromClause, quoteName, type Source, toTagConditions } from './influxql.ts'
import { isMissing, resultError, type SeriesPiece } from './read-series.ts'

type Result = { readonly error?: string; readonly series?: readonly SeriesPiece[] }

export type Catalog = ReturnType<typeof createCatalog>

/** What a database holds, and its administration: through the `influx` package. */
export function createCatalog(options: ConnectionOptions & Source & { readonly database: string }) {
  const { database } = options
  const address = new URL(options.url).origin
  const client = toClient(options)

  async function show(statement: string, parameters: Record<string, string>, signal?: AbortSignal): Promise<readonly SeriesPiece[]> {
    if (signal?.aborted) throw cancelled(signal)
    const answer = await client.queryRaw(statement, { database, placeholders: parameters, method: 'POST', signal }).catch((cause) => {
      throw signal?.aborted ? cancelled(signal) : toCatalogError(address, cause)
    })
    const [result] = answer.results as readonly Result[]
    if (result?.error !== undefined && !isMissing(result.error)) throw resultError(result.error)
    return result?.series ?? []
  }

  /** The distinct texts of one column of an answer, sorted. */
  async function list(statement: string, column: number, parameters: Record<string, string>, signal?: AbortSignal): Promise<string[]> {
    const series = await show(statement, parameters, signal)
    return [...new Set(series.flatMap(({ values }) => values.map((row) => String(row[column]))))].sort(compareText)
  }

  const from = (measurement: string | undefined) => (measurement === undefined ? '' : fromClause(measurement, options))

  return {
    createDatabase: () =>
      client.createDatabase(database).catch((cause) => {
        throw toCatalogError(address, cause)
      }),
    async version(timeoutMs: number): Promise<string | undefined> {
      const [host] = await client.ping(timeoutMs)
      return host?.online ? (host.version ?? 'of unknown version') : undefined
    },
    async seriesCount(signal?: AbortSignal): Promise<number | undefined> {
      const [series] = await show('SHOW SERIES CARDINALITY', {}, signal)
      const count = series?.values[0]?.[0]
      return typeof count === 'number' ? count : undefined
    },
    measurements: async (signal?: AbortSignal) => list('SHOW MEASUREMENTS', 0, {}, signal),
    async fields(measurement: string, signal?: AbortSignal): Promise<FieldInfo[]> {
      const [series] = await show(`SHOW FIELD KEYS ${from(measurement)}`, {}, signal)
      // A field whose type differs from shard to shard is listed once for each; the first one holds.
      const types = new Map<string, FieldType>()
      for (const [name, type] of series?.values ?? []) if (!types.has(String(name))) types.set(String(name), type as FieldType)
      return [...types].map(([name, type]) => ({ name, type })).sort((a, b) => compareText(a.name, b.name))
    },
    tags: async (measurement: string | undefined, signal?: AbortSignal) => list(`SHOW TAG KEYS ${from(measurement)}`, 0, {}, signal),
    async tagValues(measurement: string | undefined, tag: string, where: readonly TagFilter[], signal?: AbortSignal): Promise<string[]> {
      const parameters: Record<string, string> = {}
      const conditions = toTagConditions(where, parameters)
      if (!conditions) return []
      const filter = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
      return list(`SHOW TAG VALUES ${from(measurement)} WITH KEY = ${quoteName(tag)} ${filter}`, 1, parameters, signal)
    },
  }
}

function toClient({ url, username, password, token, timeoutMs, database }: ConnectionOptions & { readonly database: string }): InfluxDB {
  const { hostname, port, protocol, pathname } = new URL(url)
  const isSecure = protocol === 'https:'
  return new InfluxDB({
    host: hostname,
    port: port === '' ? (isSecure ? 443 : 80) : Number(port),
    protocol: isSecure ? 'https' : 'http',
    path: pathname,
    database,
    ...(token === undefined ? { username, password } : { options: { headers: { authorization: `Token ${token}` } } }),
    // There is one host: a pause after a failure would only answer "No host available" instead.
    pool: { maxRetries: 0, requestTimeout: timeoutMs, backoff: neverPause },
  })
}

const neverPause = { getDelay: () => 0, next: () => neverPause, reset: () => neverPause }

function toCatalogError(address: string, cause: unknown): AppError {
  const { res } = cause as { res?: { statusCode?: number } }
  if (res?.statusCode !== undefined)
    return toAnswerError(address, res.statusCode, messageOf(cause).replace(/^A \d+ .*? error occurred: /s, ''))
  if (messageOf(cause).startsWith('Error from InfluxDB: ')) return resultError(messageOf(cause).slice('Error from InfluxDB: '.length))
  return unreachable(address, cause)
}
