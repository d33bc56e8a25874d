import { systemClock } from '../../../lib/clock.ts'
import { silentLog } from '../../../lib/log.ts'
import { point, write } from '../../contract/subject.ts'
import { createDuckdbStore, duckdb } from '../duckdb.ts'

// Writes a quarter of an hour at a time, rewrites some of what was rolled, and rolls, for ever; `crash.test.ts` kills it.
const [dataDir = '', firstBatch = '0'] = process.argv.slice(2)
const doors = { log: silentLog, clock: systemClock, fetch, dataDir }
const store = createDuckdbStore(duckdb.schema.parse({ type: 'duckdb' }), doors, { lagMs: 0, valuesPerWindowMin: 0 })
await store.start()
for (let batch = Number(firstBatch); ; batch++) {
  const fresh = Array.from({ length: 90 }, (_, i) => point('m', { host: String(i % 3) }, { v: batch + i / 7 }, batch * 900 + i * 10))
  const late = Array.from({ length: 5 }, (_, i) =>
    point('m', { host: String(i % 3) }, { v: batch * i }, ((batch * 7919) % (batch + 1)) * 900 + i * 10),
  )
  await write(store, ...fresh)
  const rolling = store.roll()
  await write(store, ...late)
  // Told before the late values are rolled: from here on only what is on the disk knows of them.
  process.stdout.write(`${batch}\n`)
  await rolling
}
