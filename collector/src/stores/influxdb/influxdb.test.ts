import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe } from 'vitest'
import { hasInfluxd, type Influxd, startInfluxd } from '../../../test/influxd.ts'
import { systemClock } from '../../lib/clock.ts'
import { silentLog } from '../../lib/log.ts'
import { testStore } from '../contract.ts'
import { influxdb } from './influxdb.ts'

const doors = { log: silentLog, clock: systemClock, fetch, dataDir: '/nowhere' }

describe.skipIf(!hasInfluxd)('against the real influxd', () => {
  let influxd: Influxd
  beforeAll(async () => {
    influxd = await startInfluxd()
  }, 60_000)
  afterAll(() => influxd.stop())

  testStore(
    'influxdb',
    async () => {
      const open = async () => {
        const store = influxdb.create(influxdb.schema.parse({ type: 'influxdb', url: influxd.url, database }), doors)
        await store.start()
        return store
      }
      const database = `test-${randomUUID()}`
      let store = await open()
      return {
        store,
        async reopen() {
          await store.stop()
          store = await open()
          return store
        },
        dispose: () => store.stop(),
      }
    },
    {
      unsignedBecomesInteger: true,
      // InfluxDB reads one point of each series and merges them in no particular order.
      takesAnyOfTies: true,
      // Line protocol has no escape for a newline outside of a string, nor for a backslash before a
      // character that has one; InfluxQL's scanner changes carriage returns and ends at NUL.
      cannotHold: (name) => /[\n\r\0]|\\([",= ]|$)/.test(name),
    },
  )
})
