import { existsSync } from 'node:fs'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import type { Config } from '../config/config.ts'
import type { ReplayReport } from '../contract/replay.ts'
import { createDeployments } from '../deployments/engine.ts'
import type { Clock } from '../lib/clock.ts'
import { AppError } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import { createDeploymentRecords } from '../state/deployment-records.ts'
import { createSilenceRecords } from '../state/silence-records.ts'
import { openState } from '../state/state.ts'
import { addressOf } from './address.ts'
import { withParts } from './alerting-config.ts'
import { createKinds } from './create-kinds.ts'
import { lockDataDir } from './data-dir-lock.ts'
import type { GivenParts } from './given-parts.ts'
import { type ReplayRun, replay } from './replay.ts'

type Doors = { readonly log: Log; readonly clock: Clock; readonly fetch: typeof fetch }
type Call = Pick<ReplayRun, 'signal' | 'onProgress'>
type Wanted = { readonly order: ReplayRun['order']; readonly given: GivenParts }

/** A replay on a data directory that no collector holds; fails as `lockDataDir` does when one does. */
export async function replayOffline(config: Config, { order, given }: Wanted, doors: Doors, call: Call): Promise<ReplayReport> {
  const dataDir = resolve(config.data)
  const parts = withParts(config, given)
  if (!existsSync(dataDir)) throw new AppError('START_FAILED', `There is no data in ${dataDir}. Name the directory with --data.`)
  const unlock = lockDataDir(dataDir, { pid: process.pid, host: hostname(), since: new Date(doors.clock.now()).toISOString() })
  const state = openState({ path: join(dataDir, 'state.sqlite'), log: doors.log })
  const { store } = createKinds(config, { ...doors, dataDir })
  const silences = createSilenceRecords(state.db)
  const { lastChange: causeOf, lastOf: lastChange } = createDeployments({
    ...{ ...doors, records: createDeploymentRecords(state.db), templates: config.deployments },
    emit: () => {},
    push: async () => {},
  })
  try {
    await store.start()
    const past = { store, causeOf, lastChange, externalUrl: addressOf(config.server), silences: silences.silences }
    return await replay(past, { order, config: parts, ...call })
  } finally {
    await store.stop()
    state.close()
    unlock()
  }
}
