import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../../lib/clock.ts'
import { silentLog } from '../../../lib/log.ts'
import type { Store } from '../../../model/store.ts'
import { testStore } from '../../contract.ts'
import { duckdb } from '../duckdb.ts'

/** The store as a question finds it when every day was sealed before. */
function sealedBeforeQueries(store: Store): Store {
  return {
    ...store,
    async query(query, range, signal) {
      await store.seal?.()
      return store.query(query, range, signal)
    },
  }
}

/** A day that is not sealed is warned of, and then this suite would only repeat that of the tables. */
const strictLog = {
  ...silentLog,
  warn(...given: readonly unknown[]): never {
    throw new Error(`warned: ${JSON.stringify(given)}`)
  },
}

testStore('duckdb with every day sealed', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tidewatch-sealed-'))
  const open = async () => {
    const made = duckdb.create(duckdb.schema.parse({ type: 'duckdb' }), { log: strictLog, clock: systemClock, fetch, dataDir })
    await made.start()
    return sealedBeforeQueries(made)
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
