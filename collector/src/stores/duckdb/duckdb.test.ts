import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../lib/clock.ts'
import { silentLog } from '../../lib/log.ts'
import { testStore } from '../contract.ts'
import { duckdb } from './duckdb.ts'

testStore('duckdb', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tidewatch-duckdb-'))
  const open = async () => {
    const store = duckdb.create(duckdb.schema.parse({ type: 'duckdb' }), { log: silentLog, clock: systemClock, fetch, dataDir })
    await store.start()
    return store
  }
  let store = await open()
  return {
    store,
    async reopen() {
      await store.stop()
      store = await open()
      return store
    },
    async dispose() {
      await store.stop()
      await rm(dataDir, { recursive: true })
    },
  }
})
