import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { hasInfluxd, type Influxd, startInfluxd } from '../../../../test/influxd.ts'
import { createFakeClock } from '../../../lib/clock.ts'
import { silentLog } from '../../../lib/log.ts'
import { startMs } from '../../contract/subject.ts'
import { testStore } from '../../contract.ts'
import { createInfluxdbStore, influxdb } from '../influxdb.ts'

const traits = {
  unsignedBecomesInteger: true,
  takesAnyOfTies: true,
  cannotHold: (name: string) => /[\n\r\0]|\\([",= ]|$)/.test(name),
}
const rollups = { grace: '0s', backfill: '3h', retention: { '1m': '9999d', '5m': '9999d', '15m': '9999d', '1h': '9999d' } }

// Every window that can be rolled is rolled before each question.
describe.skipIf(!hasInfluxd)('against the real influxd', () => {
  let influxd: Influxd
  beforeAll(async () => {
    influxd = await startInfluxd()
  })
  afterAll(() => influxd.stop())

  testStore(
    'influxdb with roll-ups',
    async () => {
      const dataDir = await mkdtemp(join(tmpdir(), 'tidewatch-influx-rolled-'))
      const database = `test-${randomUUID()}`
      const open = async () => {
        const options = influxdb.schema.parse({ type: 'influxdb', url: influxd.url, database, rollups })
        const store = createInfluxdbStore(options, { log: silentLog, clock: createFakeClock(startMs + 2 * 3_600_000), dataDir })
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
    },
    traits,
  )
})
