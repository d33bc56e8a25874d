import { AppError } from '../../../lib/errors.ts'
import { escapeKey } from '../../shared/encode-lines.ts'
import type { Interval } from '../../shared/rollups/intervals.ts'
import type { Level } from '../../shared/rollups/levels.ts'
import { type Connection, readText, toAnswerError, toReason } from '../connection.ts'
import { fromClause, toNs } from '../influxql.ts'
import type { RunQuery } from '../run-query.ts'
import { allKept, fieldOf, fromRaw, fromWindows } from './kept.ts'
import { encodeSeriesKey } from './series-key.ts'

export type WindowDoors = { readonly runQuery: RunQuery; readonly connection: Connection; readonly database: string }

export type WindowJob = {
  readonly measurement: string
  readonly fields: readonly string[]
  readonly level: Level
  /** Whole windows. */
  readonly range: Interval
  readonly from: { readonly policy: string | undefined; readonly isRaw: boolean }
  readonly intoPolicy: string
}

/** A statement has six columns for each field. */
const fieldsAtOnce = 20
/** Characters of line protocol sent in one request; InfluxDB takes 25 MB unless told otherwise. */
const charactersAtOnce = 1_000_000

/** Reads one level's windows from finer ones or from raw points, and writes them as points at the windows' beginnings. */
export async function makeWindows(doors: WindowDoors, { fields, ...job }: WindowJob, signal: AbortSignal): Promise<void> {
  for (let i = 0; i < fields.length; i += fieldsAtOnce) await makeSome(doors, { ...job, fields: fields.slice(i, i + fieldsAtOnce) }, signal)
}

async function makeSome(doors: WindowDoors, job: WindowJob, signal: AbortSignal): Promise<void> {
  const names = job.fields.flatMap((field) => allKept.map((kept) => escapeKey(fieldOf(field, kept))))
  let lines: string[] = []
  let characters = 0
  const flush = async () => {
    if (lines.length > 0) await writeLines(doors, job.intoPolicy, lines.join(''), signal)
    lines = []
    characters = 0
  }
  for await (const { tags = {}, values } of doors.runQuery({ text: toText(job), parameters: {} }, { epoch: 'ms', signal })) {
    const key = encodeSeriesKey(job.measurement, tags)
    for (const [time, ...cells] of values) {
      const pairs = cells.flatMap((cell, i) => (cell === null ? [] : [`${names[i]}=${cell}`]))
      if (pairs.length === 0) continue
      const line = `${key} ${pairs.join(',')} ${time}\n`
      lines.push(line)
      characters += line.length
      if (characters >= charactersAtOnce) await flush()
    }
  }
  await flush()
}

function toText({ measurement, fields, level, range, from }: WindowJob): string {
  const call = from.isRaw ? fromRaw : fromWindows
  const columns = fields.flatMap((field) => allKept.map((kept) => call(field, kept))).map((text, i) => `${text} AS c${i}`)
  const source = from.policy === undefined ? {} : { retentionPolicy: from.policy }
  const where = `time >= ${toNs(range.from)} AND time < ${toNs(range.to)}`
  return `SELECT ${columns.join(', ')} ${fromClause(measurement, source)} WHERE ${where} GROUP BY time(${level.widthMs}ms), * fill(none)`
}

async function writeLines({ connection, database }: WindowDoors, policy: string, lines: string, signal: AbortSignal): Promise<void> {
  const path = `/write?${new URLSearchParams({ db: database, rp: policy, precision: 'ms' })}`
  const response = await connection.post(path, Buffer.from(lines), 'text/plain; charset=utf-8', signal)
  const status = response.statusCode ?? 0
  const text = await readText(response)
  // Windows older than their policy keeps are not needed, and the others of the request are written.
  if (status === 204 || status === 200 || toReason(text).includes('points beyond retention policy')) return
  throw toAnswerError(connection.address, status, text)
}

/** Whether the policies or the database are gone, rather than something being wrong with one measurement. */
export const isGone = (thrown: unknown): boolean =>
  thrown instanceof AppError && /retention policy not found|database not found/.test(thrown.message)
