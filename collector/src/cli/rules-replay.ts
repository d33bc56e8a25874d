import { readFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { toReplayText } from '../alerts/replay/report-text.ts'
import { parseParts } from '../app/alerting-config.ts'
import { isHeld } from '../app/data-dir-lock.ts'
import { givenKeys, noParts, partsOfFile } from '../app/given-parts.ts'
import { replayOffline } from '../app/replay-offline.ts'
import type { Config } from '../config/config.ts'
import type { ReplayReport, ReplayRequest } from '../contract/replay.ts'
import { systemClock } from '../lib/clock.ts'
import { parseDuration } from '../lib/duration.ts'
import { AppError, messageOf } from '../lib/errors.ts'
import { createLog } from '../lib/log.ts'
import { askCollector, type Target, tokenOption, urlOption } from './collector-client.ts'
import { configOf } from './config-option.ts'

type Options = {
  from: string
  to?: string
  rules?: string
  format: 'text' | 'json'
  silences: boolean
  movers: boolean
  config?: string
  data?: string
  url?: string
  token?: string
}

/** As long as Node waits for the head of an answer. */
const longestMs = 300_000
const progressEveryMs = 1000

export const replayCommand = () =>
  new Command('replay')
    .description('Says what rules would have sent in a time that is past, when and to whom. Nothing is sent.')
    .requiredOption('--from <time>', 'when it begins: RFC 3339, or how long ago, such as 7d')
    .option('--to <time>', 'when it ends; left out: now')
    .option('--rules <file>', `a file with other ${givenKeys.join(', ')}; left out: those in force`)
    .addOption(new Option('--format <format>', 'for people or for programs').choices(['text', 'json']).default('text'))
    .option('--no-silences', 'as if there had been no silences')
    .option('--movers', 'look for the metrics that moved first, too; takes much longer', false)
    .option('--config <file>', 'the configuration file (default: tidewatch.yaml, if there is one)')
    .option('--data <dir>', 'where data lies (default: ./data)')
    .addOption(urlOption('where the collector listens; left out: the one that runs on that directory'))
    .addOption(tokenOption('operate'))
    .action(async (options: Options) => {
      const report = await run(options)
      console.log(options.format === 'json' ? JSON.stringify(report, null, 2) : toReplayText(report))
    })

async function run(options: Options): Promise<ReplayReport> {
  const nowMs = Date.now()
  const { silences, movers } = options
  const given = options.rules === undefined ? noParts : partsOfFile(options.rules, readText(options.rules), process.env)
  const order = {
    from: timeOf('--from', options.from, nowMs),
    to: options.to === undefined ? nowMs : timeOf('--to', options.to, nowMs),
    config: given.parts,
    ...{ silences, movers },
  }
  if (order.from >= order.to) throw new AppError('VALIDATION_FAILED', '--from must lie before --to.')
  const { url, token, config: file, data } = options
  if (url) {
    parseParts(given)
    return stoppable((signal) => ask({ url, ...(token && { token }) }, order, signal))
  }
  const config = configOf({ ...(file !== undefined && { config: file }), ...(data !== undefined && { data }) })
  return stoppable((signal) => here(config, { order, given }, token, signal))
}

/** Ctrl-C ends the replay wherever it runs, and leaves the store closed. */
async function stoppable(work: (signal: AbortSignal) => Promise<ReplayReport>): Promise<ReplayReport> {
  const given = new AbortController()
  const stop = () => given.abort()
  process.once('SIGINT', stop)
  try {
    return await work(given.signal)
  } finally {
    process.removeListener('SIGINT', stop)
    clear()
  }
}

/** DuckDB lets one process open a file: a collector that runs is asked, and otherwise the store is opened here. */
async function here(
  config: Config,
  wanted: Parameters<typeof replayOffline>[1],
  token: string | undefined,
  signal: AbortSignal,
): Promise<ReplayReport> {
  try {
    const doors = { log: createLog('error'), clock: systemClock, fetch }
    return await replayOffline(config, wanted, doors, { signal, onProgress: show })
  } catch (thrown) {
    if (!isHeld(thrown)) throw thrown
    return await ask({ url: `http://${config.server.host}:${config.server.port}`, ...(token && { token }) }, wanted.order, signal)
  }
}

async function ask(target: Target, order: ReplayRequest, signal: AbortSignal): Promise<ReplayReport> {
  const path = '/api/v1/rules/replay'
  const timer = setInterval(() => {
    askCollector<{ done: number | null }>(target, 'GET', path).then(
      ({ done }) => show(done ?? 0),
      () => {},
    )
  }, progressEveryMs)
  try {
    return await askCollector<ReplayReport>(target, 'POST', path, order, { timeoutMs: longestMs, signal })
  } finally {
    clearInterval(timer)
  }
}

function show(done: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\rreplaying: ${Math.floor(done * 100)} %`)
}

function clear(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
}

function timeOf(flag: string, text: string, nowMs: number): number {
  const agoMs = parseDuration(text)
  const timeMs = agoMs === undefined ? Date.parse(text) : nowMs - agoMs
  if (Number.isNaN(timeMs))
    throw new AppError('VALIDATION_FAILED', `${flag} ${text} is no time; write 2026-11-21T04:00:00Z, or how long ago: 7d.`)
  return timeMs
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (thrown) {
    throw new AppError('CONFIG_INVALID', `Cannot read ${path}: ${messageOf(thrown)}`, { cause: thrown })
  }
}
