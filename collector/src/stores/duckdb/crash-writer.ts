import { systemClock } from '../../lib/clock.ts'
import { silentLog } from '../../lib/log.ts'
import { point, write } from '../contract/subject.ts'
import { duckdb } from './duckdb.ts'

// Writes batches for ever and says on standard output when each is durable; `crash.test.ts` kills it.
const [dataDir = '', firstBatch = '0'] = process.argv.slice(2)
const store = duckdb.create(duckdb.schema.parse({ type: 'duckdb' }), { log: silentLog, clock: systemClock, fetch, dataDir })
await store.start()
for (let batch = Number(firstBatch); ; batch++) {
  // A new host now and then, a rewrite of the batch before, and 200 points of its own.
  const points = Array.from({ length: 200 }, (_, i) =>
    point('m', { host: String(batch % 37) }, { v: batch, s: `text ${batch}` }, batch + i / 1000),
  )
  const rewrite = batch === 0 ? [] : [point('m', { host: String((batch - 1) % 37) }, { v: batch - 1 }, batch - 1)]
  await write(store, ...points, ...rewrite)
  process.stdout.write(`${batch}\n`)
}
