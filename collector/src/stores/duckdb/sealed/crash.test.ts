import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { systemClock } from '../../../lib/clock.ts'
import { silentLog } from '../../../lib/log.ts'
import type { Store } from '../../../model/store.ts'
import { askValues, point, write } from '../../contract/subject.ts'
import { duckdb } from '../duckdb.ts'

let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tidewatch-seal-crash-'))
})
afterEach(() => rm(dataDir, { recursive: true }))

async function withStore<Answer>(work: (store: Store) => Promise<Answer>): Promise<Answer> {
  const store = duckdb.create(duckdb.schema.parse({ type: 'duckdb' }), { log: silentLog, clock: systemClock, fetch, dataDir })
  await store.start()
  try {
    return await work(store)
  } finally {
    await store.stop()
  }
}

async function sealAndDie(step: string): Promise<void> {
  const program = fileURLToPath(new URL('./crash-writer.ts', import.meta.url))
  const child = spawn(process.execPath, [program, join(dataDir, 'metrics.duckdb'), step], { stdio: 'inherit' })
  const [, signal] = await once(child, 'exit')
  expect(signal).toBe('SIGKILL')
}

const values = Array.from({ length: 300 }, (_, i) => i / 4)
const files = async () => (await readdir(join(dataDir, 'metrics.duckdb.sealed'))).length

it.each(['file written', 'files written', 'rows deleted', 'committed'])('has each value once after kill -9 at "%s"', async (step) => {
  await withStore((store) => write(store, ...values.map((v, i) => point('m', { host: String(i % 3) }, { v, text: `t${i}` }, i))))
  await sealAndDie(step)
  const left = await files()
  await withStore(async (store) => {
    expect(await askValues(store, {})).toEqual(values)
    expect(await askValues(store, { aggregate: 'count', fields: ['text'] })).toEqual([300])
    // What a sealing that did not commit has left is gone, what one that did is still read.
    expect(await files()).toBe(step === 'committed' ? left : 0)
    await write(store, point('m', { host: '0' }, { v: 1000 }, 0))
  })
  await sealAndDie(step)
  await withStore(async (store) => {
    expect(await askValues(store, {})).toEqual([1000, ...values.slice(1)])
    await store.seal?.()
    expect(await askValues(store, {})).toEqual([1000, ...values.slice(1)])
  })
})
