import { join } from 'node:path'
import { AppError, messageOf } from '../../../lib/errors.ts'
import type { Batch } from '../../../model/batch.ts'
import type { StoreDoors } from '../../../model/kinds.ts'
import type { Frame } from '../../../model/query.ts'
import type { Plan } from '../../shared/plan.ts'
import type { Interval } from '../../shared/rollups/intervals.ts'
import { ceilTo, floorTo, type Level, levels, numericTypes, unitMs } from '../../shared/rollups/levels.ts'
import type { Catalog } from '../catalog.ts'
import type { Connection } from '../connection.ts'
import type { RunQuery } from '../run-query.ts'
import type { RunStatement } from '../select.ts'
import { isGone, makeWindows } from './make-windows.ts'
import { policyOf, type RollupOptions } from './options.ts'
import { preparePolicies } from './policies.ts'
import { createProgress } from './progress.ts'
import { planRolled, selectRolled } from './select-rolled.ts'
import { writtenUnits } from './written-units.ts'

const roundEveryMs = 60_000
/** Raw points read in one statement: with whole days at both ends less than the 72 h that InfluxDB 3 reads at most. */
const pieceMs = 6 * 3_600_000

export type RollupDoors = Pick<StoreDoors, 'log' | 'clock' | 'dataDir'> & {
  readonly connection: Connection
  readonly runQuery: RunQuery
  readonly catalog: Catalog
  readonly database: string
  readonly retentionPolicy?: string | undefined
  readonly options: RollupOptions
}

export type Rollups = ReturnType<typeof createRollups>

/** Keeps windows of each numeric field in retention policies of their own, with nothing but queries and writes. */
export function createRollups({ dataDir, ...doors }: RollupDoors) {
  const { log, clock, connection, runQuery, catalog, database, retentionPolicy, options } = doors
  const source = JSON.stringify([connection.address, database, retentionPolicy ?? '', options.policyPrefix])
  const progress = createProgress({ path: join(dataDir, 'influxdb-rollups.json'), source, clock, options })
  const stopping = new AbortController()
  const { signal } = stopping
  let rawKeptMs: number | undefined
  let ready = false
  let failure: string | undefined
  let cancel = () => {}
  let running: Promise<void> = Promise.resolve()

  async function prepare(): Promise<void> {
    const prepared = await preparePolicies({ runQuery, database, retentionPolicy, options }, signal)
    rawKeptMs = prepared.rawKeptMs
    const back = Math.min(options.backfill, rawKeptMs ?? Number.POSITIVE_INFINITY)
    if (prepared.isNew || progress.covered().to === 0) progress.begin(ceilTo(clock.now() - back, unitMs))
    ready = true
  }

  const isKept = ({ name }: Level, timeMs: number) => timeMs >= clock.now() - (options.retention[name] ?? Number.POSITIVE_INFINITY)

  /** The windows of a level to be made for a stretch: those that touch it, and that are over. */
  function toWindows({ widthMs }: Level, range: Interval): Interval {
    const { from, to } = progress.covered()
    const start = Math.max(ceilTo(from, widthMs), floorTo(range.from, widthMs))
    return { from: start, to: Math.min(floorTo(Math.max(to, range.to), widthMs), ceilTo(range.to, widthMs)) }
  }

  async function makeOf(measurement: string, fields: readonly string[], range: Interval): Promise<void> {
    for (const [i, level] of levels.entries()) {
      const windows = toWindows(level, range)
      if (windows.from >= windows.to || !isKept(level, windows.to)) continue
      const finer = levels[i - 1]
      const isRaw = finer === undefined || !isKept(finer, windows.from)
      const from = { isRaw, policy: isRaw ? retentionPolicy : policyOf(options, finer) }
      const job = { measurement, fields, level, range: windows, from, intoPolicy: policyOf(options, level) }
      await makeWindows({ runQuery, connection, database }, job, signal)
    }
  }

  /** A measurement that InfluxDB refuses to read or to write keeps the others from nothing: it is read raw from now on. */
  async function makeAll(range: Interval): Promise<void> {
    for (const measurement of await catalog.measurements(signal)) {
      if (progress.isExcluded(measurement)) continue
      try {
        const fields = (await catalog.fields(measurement, signal)).filter(({ type }) => numericTypes.includes(type))
        await makeOf(measurement, fields.map(({ name }) => name), range) // biome-ignore format: one line
      } catch (thrown) {
        if (!(thrown instanceof AppError) || thrown.retryable || isGone(thrown) || signal.aborted) throw thrown
        progress.exclude(measurement)
        log.warn({ err: thrown, measurement }, 'influxdb: no roll-ups of this measurement; queries read its points')
      }
    }
  }

  async function makeDue(): Promise<void> {
    if (!ready) await prepare()
    if (rawKeptMs !== undefined) progress.forgetBefore(clock.now() - rawKeptMs)
    for (const range of progress.stale().flatMap(toPieces)) await progress.make(range, () => makeAll(range))
    const fresh = { from: progress.covered().to, to: floorTo(clock.now() - options.grace, unitMs) }
    for (const range of toPieces(fresh)) await progress.make(range, () => makeAll(range))
  }

  async function round(): Promise<void> {
    try {
      await makeDue()
      failure = undefined
    } catch (err) {
      ready &&= !isGone(err)
      if (!signal.aborted && failure === undefined)
        log.warn({ err }, 'influxdb: roll-ups were not made; queries read raw points, and the next try is soon')
      failure = messageOf(err)
    }
  }

  function wait(): void {
    cancel = clock.after(roundEveryMs, () => {
      running = running.then(round).finally(() => !signal.aborted && wait())
    })
  }

  return {
    async start(): Promise<void> {
      await progress.load()
      wait()
    },
    /** Makes all that can be made now. */
    async roll(): Promise<void> {
      const rolled = running.then(makeDue)
      running = rolled.catch(() => undefined)
      await rolled
    },
    /** Marks what a write changes, before and after it: a round may go over its time while it is under way. */
    async around<Answer>(batch: Batch, write: () => Promise<Answer>): Promise<Answer> {
      const units = writtenUnits(batch)
      const note = () =>
        progress.note(units).catch((err) => log.warn({ err }, 'influxdb: what the roll-ups miss could not be written down'))
      await note()
      try {
        return await write()
      } finally {
        await note()
      }
    },
    /** Undefined where the points themselves have to be read. */
    async select(plan: Plan, run: RunStatement, asked?: AbortSignal): Promise<Frame[] | undefined> {
      if (!ready || progress.isExcluded(plan.query.measurement)) return undefined
      try {
        const segments = await planRolled(plan, progress.usable, () => catalog.tags(plan.query.measurement, asked))
        const from = retentionPolicy === undefined ? {} : { retentionPolicy }
        return segments && (await selectRolled(plan, segments, from, options, run))
      } catch (thrown) {
        // Whatever is wrong with the windows, the points themselves may still answer.
        if (asked?.aborted) throw thrown
        ready &&= !isGone(thrown)
        return undefined
      }
    },
    status: () => (failure === undefined ? toSentence(ready, progress.covered().to) : `roll-ups are not made: ${failure}`),
    async stop(): Promise<void> {
      stopping.abort()
      cancel()
      await running
    },
  }
}

const toSentence = (ready: boolean, toMs: number) => (ready ? `roll-ups until ${new Date(toMs).toISOString()}` : 'roll-ups begin soon')

function toPieces({ from, to }: Interval): Interval[] {
  const pieces: Interval[] = []
  for (let start = from; start < to; start = floorTo(start, pieceMs) + pieceMs)
    pieces.push({ from: start, to: Math.min(to, floorTo(start, pieceMs) + pieceMs) })
  return pieces
}
