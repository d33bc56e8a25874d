import { createFakeClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import type { Batch } from '../model/batch.ts'
import type { Store, WriteResult } from '../model/store.ts'
import { createIngest, type IngestLimits } from './accept.ts'
import { readBatch } from './read-batch.ts'

/** A write that the store has not answered yet. */
export type Write = { readonly batch: Batch; finish(result?: WriteResult): void; fail(thrown: unknown): void }

/** An ingest on a store that answers when the test says so. */
export function startIngest(limits: Partial<IngestLimits> = {}, traits: Pick<Store, 'writesAtOnce' | 'returnsBatches'> = {}) {
  const writes: Write[] = []
  const told: Batch[] = []
  const live = { accept: (batch: Batch) => void told.push(batch) }
  const clock = createFakeClock(1_795_231_147_180)
  const store = {
    ...traits,
    write(batch: Batch) {
      const { promise, resolve, reject } = Promise.withResolvers<WriteResult>()
      writes.push({ batch, finish: (result = { rejected: [] }) => resolve(result), fail: reject })
      return promise
    },
  }
  const ingest = createIngest({ store, live, clock, log: silentLog, limits })
  const send = (text: string) => ingest.lineProtocol(Buffer.from(text), { precision: 'ns' })
  return { ingest, send, writes, told, live, clock }
}

/** Lets what is due happen. */
export const turn = () => new Promise((resolve) => setImmediate(resolve))
export const namesOf = (batch: Batch | undefined) => (batch ? readBatch(batch).map(({ measurement }) => measurement) : [])
export const writtenBy = (write: Write | undefined) => Buffer.from(write?.batch.toLineProtocol() ?? '').toString()
