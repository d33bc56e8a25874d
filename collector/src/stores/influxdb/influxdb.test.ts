import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe } from 'vitest'
import { hasInfluxd, type Influxd, startInfluxd } from '../../../test/influxd.ts'
import { systemClock } from '../../lib/clock.ts'
import { silentLog } from '../../lib/log.ts'
import { testStore } from '../contract.ts'
import { influxdb } from './influxdb.ts'

const doors = { log: silentLog, clock: systemClock, fetch, dataDir: '/nowhere' }

const traits = {
  unsignedBecomesInteger: true,
  // InfluxDB reads one point of each series and merges them in no particular order.
  takesAnyOfTies: true,
  // Line protocol has no escape for a newline outside of a string, nor for a backslash before a
  // character that has one; InfluxQL's scanner changes carriage returns and ends at NUL.
  cannotHold: (name: string) => /[\n\r\0]|\\([",= ]|$)/.test(name),
}

/** A fresh database in a running InfluxDB. */
async function openSubject(options: {
  readonly url: string
  readonly username?: string
  readonly password?: string
  readonly token?: string
}) {
  const database = `test-${randomUUID()}`
  const open = async () => {
    const store = influxdb.create(influxdb.schema.parse({ type: 'influxdb', ...options, database }), doors)
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
    dispose: () => store.stop(),
  }
}

describe.skipIf(!hasInfluxd)('against the real influxd', () => {
  let influxd: Influxd
  beforeAll(async () => {
    influxd = await startInfluxd()
  })
  afterAll(() => influxd.stop())

  testStore('influxdb', () => openSubject({ url: influxd.url }), traits)
})

const { INFLUX_URL: url, INFLUX_USERNAME: username, INFLUX_PASSWORD: password, INFLUX_TOKEN: token } = process.env

// Registered only when asked for: a suite that nobody wants is no skipped test.
if (url !== undefined) {
  describe(`against ${url}`, () => {
    const credentials = token === undefined ? { ...(username && { username }), ...(password && { password }) } : { token }
    testStore('influxdb', () => openSubject({ url, ...credentials }), traits)
  })
}
