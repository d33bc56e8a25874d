import { createFakeClock } from '../../../lib/clock.ts'
import { silentLog } from '../../../lib/log.ts'
import { openDatabase } from '../database.ts'
import { toRetention } from '../retention.ts'
import { openSealedDays } from './sealed-days.ts'

/**
 * A process for tests: seals what there is, and kills itself with -9 at the step it is told.
 */
const [path = '', killAt = ''] = process.argv.slice(2)
const database = await openDatabase({ path, memoryLimit: '256MB' })
const writer = await database.connect()
const days = await openSealedDays({
  ...{ database, writer, log: silentLog, clock: createFakeClock(Date.UTC(2026, 5, 1)), leadOf: (fid) => fid },
  inTurn: (work) => work(),
  flush: async () => {},
  readersEnded: async () => {},
  sealAfterMs: 0,
  retention: toRetention({ categories: {} }),
  onExpiring: async () => {},
  onExpired: () => {},
  rowsPerFile: 100,
  onStep: async (step) => {
    if (step === killAt) process.kill(process.pid, 'SIGKILL')
  },
})
await days.seal()
