import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFakeClock } from '../../lib/clock.ts'
import { AppError } from '../../lib/errors.ts'
import { type Log, silentLog } from '../../lib/log.ts'
import type { Batch } from '../../model/batch.ts'
import type { WriteResult } from '../../model/store.ts'
import { createIngest } from '../accept.ts'
import { readBatch } from '../read-batch.ts'
import { listQuarantine } from './quarantine.ts'
import { quarantineFolder, type SpoolOptions } from './spool.ts'

export const away = (retryAfterMs?: number) => new AppError('STORE_UNAVAILABLE', 'the store is away', { retryable: true, retryAfterMs })
export const refused = () => new AppError('STORE_REFUSED', 'retention policy not found: x')
const newFolder = () => mkdtempSync(join(tmpdir(), 'tidewatch-spool-'))
const textOf = (batch: Batch) => Buffer.from(batch.toLineProtocol()).toString()
export const namesOf = (batch: Batch) => readBatch(batch).map(({ measurement }) => measurement)

/** An ingest with a spool, whose store does what the test says; `written` is what it took. */
export function setup(options: Partial<SpoolOptions> = {}) {
  const directory = options.directory ?? newFolder()
  const clock = createFakeClock(1_795_231_147_180)
  const written: string[] = []
  const attempts: { atMs: number; names: string[] }[] = []
  const told: string[] = []
  const store = {
    answer: async (_batch: Batch): Promise<WriteResult> => ({ rejected: [] }),
    async write(batch: Batch) {
      attempts.push({ atMs: clock.now(), names: namesOf(batch) })
      const result = await store.answer(batch)
      written.push(textOf(batch))
      return result
    },
  }
  const spool = { directory, bytesMax: 1_000_000, quarantineBytesMax: 100_000, slowAfterMs: 1000, random: () => 1, ...options }
  const live = { accept: (batch: Batch) => void told.push(...namesOf(batch)) }
  const problems: unknown[] = []
  const log = { ...silentLog, error: (problem: unknown) => void problems.push(problem) } as Log
  const ingest = createIngest({ store, live, clock, log, spool })
  const send = (text: string) => ingest.lineProtocol(Buffer.from(text), { precision: 'ns' })
  const quarantined = () => listQuarantine(quarantineFolder(directory))
  const fail = (thrown: unknown) => {
    store.answer = () => Promise.reject(thrown)
  }
  const mend = () => {
    store.answer = async () => ({ rejected: [] })
  }
  /** Lets time pass until nothing waits any more. */
  const drained = async () => {
    for (let turn = 0; ingest.spool().bytes > 0; turn++) {
      if (turn > 500_000) throw new Error('the spool is never drained')
      await clock.advance(250)
    }
  }
  return { drained, ingest, send, store, fail, mend, clock, written, attempts, told, directory, quarantined, problems }
}

/** Waits for the disk, which no fake clock moves. */
export async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; !holds(); turn++) {
    if (turn > 5_000_000) throw new Error('it never came')
    await new Promise((resolve) => setImmediate(resolve))
  }
}

export const segmentsIn = (directory: string) => readdirSync(directory).filter((name) => name.endsWith('.spool'))
