import { isHeld } from '../app/data-dir-lock.ts'
import { replayOffline } from '../app/replay-offline.ts'
import type { Config } from '../config/config.ts'
import type { ReplayReport, ReplayRequest } from '../contract/replay.ts'
import { systemClock } from '../lib/clock.ts'
import { formatDuration } from '../lib/duration.ts'
import { AppError } from '../lib/errors.ts'
import { createLog } from '../lib/log.ts'
import { askCollector, type Target } from './collector-client.ts'

/** It says how far it is meanwhile, and whoever started it can end it. */
const longestMs = 6 * 3_600_000
const askEveryMs = 1000
const lineEveryMs = 10_000

type Call = { readonly signal: AbortSignal; readonly onProgress: (done: number) => void }
type Wanted = Parameters<typeof replayOffline>[1]

/** Ctrl-C ends the replay wherever it runs, and leaves the store closed. Until then it says how far it is. */
export async function stoppable(what: string, work: (call: Call) => Promise<ReplayReport>): Promise<ReplayReport> {
  const given = new AbortController()
  const stop = () => given.abort()
  const teller = createTeller(what)
  process.once('SIGINT', stop)
  try {
    return await work({ signal: given.signal, onProgress: teller.tell })
  } catch (thrown) {
    if (given.signal.aborted) throw new AppError('QUERY_CANCELLED', 'The replay was given up before its end.', { cause: thrown })
    throw thrown
  } finally {
    process.removeListener('SIGINT', stop)
    teller.clear()
  }
}

/** DuckDB lets one process open a file: a collector that runs is asked, and otherwise the store is opened here. */
export async function replayHere(config: Config, wanted: Wanted, token: string | undefined, call: Call): Promise<ReplayReport> {
  try {
    return await replayOffline(config, wanted, { log: createLog('error'), clock: systemClock, fetch }, call)
  } catch (thrown) {
    if (!isHeld(thrown)) throw thrown
    return await replayThere({ url: `http://${config.server.host}:${config.server.port}`, ...(token && { token }) }, wanted.order, call)
  }
}

export async function replayThere(target: Target, order: ReplayRequest, { signal, onProgress }: Call): Promise<ReplayReport> {
  const path = '/api/v1/rules/replay'
  const timer = setInterval(() => {
    askCollector<{ done: number | null }>(target, 'GET', path).then(
      ({ done }) => onProgress(done ?? 0),
      () => {},
    )
  }, askEveryMs)
  const whenTooLong =
    'Replay less time (--from, --to), or stop the collector: on its data directory the command itself takes as long as it needs.'
  try {
    return await askCollector<ReplayReport>(target, 'POST', path, order, { timeoutMs: longestMs, whenTooLong, signal })
  } finally {
    clearInterval(timer)
  }
}

/** One line that changes on a terminal, and one now and then in a log; on standard error. */
function createTeller(what: string) {
  const startedMs = performance.now()
  let toldMs = startedMs
  return {
    tell(done: number): void {
      const nowMs = performance.now()
      const leftMs = done > 0.01 ? ((nowMs - startedMs) / done) * (1 - done) : undefined
      const left = leftMs === undefined || leftMs < 1000 ? '' : `, about ${formatDuration(Math.ceil(leftMs / 1000) * 1000)} left`
      const text = `replaying ${what}: ${Math.floor(done * 100)} %${left}`
      if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
      else if (nowMs - toldMs >= lineEveryMs) {
        toldMs = nowMs
        process.stderr.write(`${text}\n`)
      }
    },
    clear(): void {
      if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
    },
  }
}
