import { Command } from 'commander'
import { createApp } from '../app.ts'
import type { Flags } from '../config/overrides.ts'
import { systemClock } from '../lib/clock.ts'
import { createLog, type Log } from '../lib/log.ts'
import { banner } from './banner.ts'
import { configOf } from './config-option.ts'
import { version } from './version.ts'

export function serveCommand(): Command {
  return new Command('serve')
    .description('Runs the collector. Each option may also come from the environment: TIDEWATCH_CONFIG, _HOST, _PORT, _DATA, _STORE.')
    .option('--config <file>', 'the configuration file (default: tidewatch.yaml, if there is one)')
    .option('--host <host>', 'the address to listen on (default: 127.0.0.1)')
    .option('--port <port>', 'the port to listen on, 0 for any (default: 8484)')
    .option('--data <dir>', 'where data lies (default: ./data)')
    .option('--store <type>', 'duckdb, influxdb or memory (default: duckdb)')
    .action(serve)
}

async function serve(flags: Flags): Promise<void> {
  const config = configOf(flags)
  const log = createLog(config.log.level)
  const app = createApp(config, { log, clock: systemClock, fetch, version, readConfig: () => configOf(flags) })
  stopOnSignals(app.stop, log)
  process.on('SIGHUP', () => app.reload('SIGHUP'))
  const { url } = await app.start()
  process.stdout.write(banner(config, url))
}

/** Ctrl-C arrives from the terminal and again from npm and the start script: one wish, not two. */
const sameWishMs = 1000

/** The first signal drains and stops; a later one ends at once. */
function stopOnSignals(stop: () => Promise<void>, log: Log): void {
  let stoppingSinceMs: number | undefined
  const onSignal = async (signal: string) => {
    const nowMs = systemClock.monotonic()
    if (stoppingSinceMs !== undefined && nowMs - stoppingSinceMs > sameWishMs) process.exit(130)
    if (stoppingSinceMs !== undefined) return
    stoppingSinceMs = nowMs
    log.info({ signal }, 'stopping')
    try {
      await stop()
      process.exit(0)
    } catch (thrown) {
      log.error({ err: thrown }, 'the stop was not clean')
      process.exit(1)
    }
  }
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, onSignal)
}
