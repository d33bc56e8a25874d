import type { DuckDBConnection } from '@duckdb/node-api'
import type { Clock } from '../../../lib/clock.ts'
import { messageOf } from '../../../lib/errors.ts'
import type { Log } from '../../../lib/log.ts'
import type { SealResult } from '../../../model/store.ts'
import type { Retention } from '../retention.ts'
import { valueTables } from '../tables.ts'
import { readCatalogue, type SealedFile } from './catalogue.ts'
import { dateOf, dayExpression, dayOf, startOf, toNs } from './days.ts'
import { expire, type Forgotten } from './expire.ts'
import { type SealDoors, sealDay } from './seal-day.ts'

const firstMs = 60_000
const everyMs = 600_000
/** Late rows are merged at once when they are more than this part of the day, else once a day. */
const lateShare = 0.01

export type RoundsDoors = Omit<SealDoors, 'categories' | 'signal'> & {
  readonly clock: Clock
  readonly log: Log
  /** Resolves when the tables hold what was acknowledged before. */
  readonly flush: () => Promise<void>
  /** How long after its end a day stays open for late points. */
  readonly sealAfterMs: number
  readonly retention: Retention
  /** Told within the transaction, before all points of this time and older are deleted. */
  readonly onExpiring: (timeNs: bigint) => Promise<void>
  readonly onExpired: (forgotten: Forgotten) => void
  /** Told of a day before it is sealed. */
  readonly onSealing: (day: number) => void
  /** Told by how many bytes the files grew. */
  readonly onChanged: (moreBytes: number) => void
}

/** Seals what has closed and deletes what is too old, every ten minutes. */
export function startRounds(doors: RoundsDoors) {
  const { clock, log, reader, discard, sealAfterMs, retention } = doors
  let generation = clock.now()
  let mergedOn: number | undefined
  const stopping = new AbortController()
  const { signal } = stopping
  let cancel = clock.after(firstMs, begin)
  let last: Promise<unknown> = Promise.resolve()

  function inTurn<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const answer = last.then(work)
    last = answer.catch(() => undefined)
    return answer
  }

  function begin(): void {
    void inTurn(round).finally(() => {
      if (!signal.aborted) cancel = clock.after(everyMs, begin)
    })
  }

  async function round(): Promise<void> {
    if (signal.aborted) return
    const today = dayOf(clock.now())
    await sealBefore(clock.now() - sealAfterMs, mergedOn !== today).catch(warn('no day was sealed'))
    mergedOn = today
    if (!signal.aborted) await deleteExpired().catch(warn('old points were not deleted'))
  }

  const warn = (what: string) => (err: unknown) => log.warn({ err }, `duckdb: ${what}; the next try is in ten minutes: ${messageOf(err)}`)

  async function sealBefore(timeMs: number, mergesAll: boolean): Promise<SealResult> {
    const result = { days: 0, files: 0, values: 0, bytes: 0 }
    for (const { day, rows, sealedRows } of await findOpenDays(reader, dayOf(timeMs))) {
      if (signal.aborted || (sealedRows > 0 && !mergesAll && rows < sealedRows * lateShare)) continue
      try {
        const files = await sealOne(day)
        result.days++
        result.files += files.length
        result.bytes += bytesOf(files)
        result.values += files.reduce((sum, file) => sum + file.rows, 0)
      } catch (thrown) {
        if (!signal.aborted) warn(`${dateOf(day)} was not sealed`)(thrown)
      }
    }
    return result
  }

  async function sealOne(day: number) {
    doors.onSealing(day)
    const startedMs = clock.now()
    const { files, replaced } = await sealDay(
      { ...doors, signal, categories: Object.keys(retention.categories) },
      day,
      (stem) => `${stem}-${++generation}.parquet`,
    )
    doors.onChanged(bytesOf(files) - bytesOf(replaced))
    log.info({ day: dateOf(day), files: files.length, durationMs: clock.now() - startedMs }, 'duckdb: a day was sealed')
    return files
  }

  async function deleteExpired(): Promise<void> {
    const { files, forgotten } = await doors.inTurn(() => expire(doors, clock.now()))
    forgotten.forEach(doors.onExpired)
    doors.onChanged(-bytesOf(files))
    discard(files)
  }

  return {
    /** Seals every day that has ended, without waiting for late points. */
    seal: (): Promise<SealResult> =>
      inTurn(async () => {
        await doors.flush()
        return sealBefore(clock.now(), true)
      }),
    async stop(): Promise<void> {
      stopping.abort()
      cancel()
      reader.interrupt()
      await last
    },
  }
}

const bytesOf = (files: readonly SealedFile[]) => files.reduce((sum, { bytes }) => sum + bytes, 0)

/** Days before this one with rows in the tables, oldest first, and how many rows their files have. */
async function findOpenDays(reader: DuckDBConnection, beforeDay: number) {
  const open = new Map<number, number>()
  for (const { name } of Object.values(valueTables)) {
    const sql = `SELECT ${dayExpression} AS day, count(*)::DOUBLE FROM "${name}" WHERE time >= 0 AND time < ${toNs(startOf(beforeDay))} GROUP BY day`
    for (const [day, rows] of (await reader.runAndReadAll(sql)).getRows()) {
      open.set(Number(day), (open.get(Number(day)) ?? 0) + Number(rows))
    }
  }
  if (open.size === 0) return []
  const sealed = Map.groupBy(await readCatalogue(reader), ({ day }) => day)
  return [...open]
    .sort(([a], [b]) => a - b)
    .map(([day, rows]) => ({ day, rows, sealedRows: (sealed.get(day) ?? []).reduce((sum, file) => sum + file.rows, 0) }))
}
