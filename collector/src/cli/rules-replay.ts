import { Command } from 'commander'
import { changesOf, compareReplays } from '../alerts/replay/comparison.ts'
import { toComparisonText } from '../alerts/replay/comparison-text.ts'
import { toReplayText } from '../alerts/replay/report-text.ts'
import { parseParts, withParts } from '../app/alerting-config.ts'
import { type GivenParts, givenKeys, noParts, partsOfFile } from '../app/given-parts.ts'
import { parseDuration } from '../lib/duration.ts'
import { AppError } from '../lib/errors.ts'
import { tokenOption, urlOption } from './collector-client.ts'
import { configOf } from './config-option.ts'
import { type Format, formatOption, print } from './format-option.ts'
import { readGivenFile } from './given-file.ts'
import { replayHere, replayThere, stoppable } from './replay-run.ts'

type Options = {
  from: string
  to?: string
  rules?: string
  compare: boolean
  format: Format
  silences: boolean
  movers: boolean
  config?: string
  data?: string
  url?: string
  token?: string
}

export const replayCommand = () =>
  new Command('replay')
    .description('Says what rules would have sent in a time that is past, when and to whom. Nothing is sent.')
    .requiredOption('--from <time>', 'when it begins: RFC 3339, or how long ago, such as 7d')
    .option('--to <time>', 'when it ends; left out: now')
    .option('--rules <file>', `a file with other ${givenKeys.join(', ')}; left out: those in force`)
    .option('--compare', 'with --rules: what they change against those in force', false)
    .addOption(formatOption())
    .option('--no-silences', 'as if there had been no silences')
    .option('--movers', 'look for the metrics that moved first, too; takes much longer', false)
    .option('--config <file>', 'the configuration file (default: tidewatch.yaml, if there is one)')
    .option('--data <dir>', 'where data lies (default: ./data)')
    .addOption(urlOption('where the collector listens; left out: the one that runs on that directory'))
    .addOption(tokenOption('operate'))
    .action(async (options: Options) => {
      const { compare, format, rules } = options
      if (compare && rules === undefined)
        throw new AppError('VALIDATION_FAILED', '--compare needs --rules: the file to set beside what is in force.')
      const given = rules === undefined ? noParts : partsOfFile(rules, readGivenFile(rules), process.env)
      const { replays, changes } = prepare(options, given)
      if (!compare) {
        const report = await replays(rules ?? 'the rules in force', given)
        return print(format, report, () => toReplayText(report))
      }
      const before = await replays('the rules in force', noParts)
      const comparison = compareReplays(before, await replays(rules ?? '', given))
      print(format, { ...comparison, changes: changes ?? null }, () => toComparisonText(comparison, rules ?? '', changes))
    })

/** Replays of one time. What is wrong with the rules that are wanted is told before the first. */
function prepare(options: Options, wanted: GivenParts) {
  const nowMs = Date.now()
  const range = {
    from: timeOf('--from', options.from, nowMs),
    to: options.to === undefined ? nowMs : timeOf('--to', options.to, nowMs),
  }
  if (range.from >= range.to) throw new AppError('VALIDATION_FAILED', '--from must lie before --to.')
  const { url, token, config: file, data, silences, movers } = options
  const orderOf = ({ parts }: GivenParts) => ({ ...range, silences, movers, config: parts })
  if (url) {
    parseParts(wanted)
    const target = { url, token }
    return {
      changes: undefined,
      replays: (what: string, given: GivenParts) => stoppable(what, (call) => replayThere(target, orderOf(given), call)),
    }
  }
  const config = configOf({ ...(file !== undefined && { config: file }), ...(data !== undefined && { data }) })
  return {
    changes: changesOf(config.rules, withParts(config, wanted).rules),
    replays: (what: string, given: GivenParts) =>
      stoppable(what, (call) => replayHere(config, { order: orderOf(given), given }, token, call)),
  }
}

function timeOf(flag: string, text: string, nowMs: number): number {
  const agoMs = parseDuration(text)
  const timeMs = agoMs === undefined ? Date.parse(text) : nowMs - agoMs
  if (Number.isNaN(timeMs))
    throw new AppError('VALIDATION_FAILED', `${flag} ${text} is no time; write 2026-11-21T04:00:00Z, or how long ago: 7d.`)
  return timeMs
}
