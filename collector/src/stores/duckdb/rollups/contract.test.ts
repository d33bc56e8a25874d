import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../../lib/clock.ts'
import { silentLog } from '../../../lib/log.ts'
import { testStore } from '../../contract.ts'
import { createDuckdbStore, duckdb } from '../duckdb.ts'

// Every window that can be rolled is rolled before each question.
testStore('duckdb with roll-ups', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tidewatch-rolled-'))
  const open = async () => {
    const doors = { log: silentLog, clock: systemClock, fetch, dataDir }
    const store = createDuckdbStore(duckdb.schema.parse({ type: 'duckdb' }), doors, { lagMs: 0, valuesPerWindowMin: 0 })
    await store.start()
    const query: typeof store.query = async (...asked) => {
      await store.roll()
      return store.query(...asked)
    }
    return { ...store, query }
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
