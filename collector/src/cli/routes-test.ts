import { styleText } from 'node:util'
import { Command } from 'commander'
import { parseMatcher } from '../alerts/routing/tree/matcher.ts'
import { type TriedSilence, tryRoutes } from '../alerts/routing/trial/trial.ts'
import { toTrialJson, toTrialText } from '../alerts/routing/trial/trial-text.ts'
import { identityOf } from '../alerts/rules/definition/identity.ts'
import type { Rule } from '../alerts/rules/definition/rule.ts'
import { toSeverity } from '../alerts/severity.ts'
import type { Config } from '../config/config.ts'
import { adviceOnLabels } from '../config/trial-advice.ts'
import type { SilencesResponse } from '../contract/silences.ts'
import { AppError } from '../lib/errors.ts'
import { didYouMean } from '../lib/words.ts'
import type { Tags } from '../model/point.ts'
import { askCollector, collectorUrlOption, type Target, tokenOption } from './collector-client.ts'
import { configOf } from './config-option.ts'
import { type Format, formatOption } from './format-option.ts'

type Options = Target & { config?: string; rule?: string; at?: string; expect?: string; silences?: boolean; format: Format }

const exitUnexpected = 1
/** A file or labels that cannot be read: not a route that leads elsewhere. */
const exitNotRun = 2

export const routesTestCommand = () =>
  new Command('test')
    .description(
      'Says who would be told of an alert with these labels, when and why. Nothing is sent. Exit code: 0 told are those expected, 1 others are, 2 it cannot be tried.',
    )
    .argument('[labels...]', 'of the alert, such as severity=critical team=shop')
    .option('--rule <name>', 'an alert of this rule: its labels are added, those given are of the series')
    .option('--at <time>', 'when it begins to fire, such as 2026-11-22T03:00, by the zone of this machine; left out: now')
    .option('--expect <receivers>', 'separated by commas; when others are told the exit code is 1')
    .option('--silences', 'ask the running collector which silences cover it, too')
    .option('--config <file>', 'the configuration file (default: tidewatch.yaml, if there is one)')
    .addOption(formatOption())
    .addOption(collectorUrlOption())
    .addOption(tokenOption('read'))
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : exitNotRun))
    .action(async (given: string[], options: Options) => {
      try {
        process.exitCode = await tryOut(given, options)
      } catch (thrown) {
        if (!(thrown instanceof AppError)) throw thrown
        process.stderr.write(`tidewatch: ${thrown.message}\n`)
        process.exitCode = exitNotRun
      }
    })

async function tryOut(given: readonly string[], options: Options): Promise<number> {
  const config = configOf({ ...(options.config !== undefined && { config: options.config }) })
  const rule = options.rule === undefined ? undefined : ruleCalled(options.rule, config)
  const { labels, notes } = labelsOf(given, rule)
  const silences = options.silences ? await silencesOf(options) : []
  const { route, inhibit_rules: inhibitRules, time_intervals: timeIntervals, escalations } = config
  const trial = tryRoutes({ route, inhibitRules, timeIntervals, escalations, silences }, labels, timeOf(options.at))
  const expected = options.expect?.split(',').map((name) => name.trim())
  checkNames(expected ?? [], config)
  const isAsExpected = expected === undefined || sameNames(expected, trial.receivers)
  const advice = [...notes, ...adviceOnLabels(config, labels, rule)]
  if (options.format === 'json') {
    console.log(JSON.stringify({ ...toTrialJson(trial), ...(expected && { expected, isAsExpected }), advice }, null, 2))
  } else {
    console.log(toTrialText(trial, styleText))
    if (advice.length > 0) console.log(`\n${styleText('yellow', 'Worth another look:')}\n${advice.map((line) => `  ${line}`).join('\n')}`)
    if (expected) console.log(`\n${isAsExpected ? 'As expected.' : styleText('red', `Expected were: ${expected.join(', ')}`)}`)
  }
  return isAsExpected ? 0 : exitUnexpected
}

function ruleCalled(name: string, { rules }: Config): Rule {
  const rule = rules.find((one) => one.name === name)
  if (rule) return rule
  const names = rules.map((one) => one.name)
  throw new AppError(
    'VALIDATION_FAILED',
    `There is no rule "${name}"${didYouMean(name, names) || '; the file and its presets have others'}`,
  )
}

/** The labels of the alert: those of the rule count more than the series', and every alert has one of our severities. */
function labelsOf(given: readonly string[], rule: Rule | undefined): { labels: Tags; notes: readonly string[] } {
  const tags = Object.fromEntries(given.map(toPair))
  const severity = tags.severity === undefined ? undefined : toSeverity(tags.severity)
  const meant = severity && severity !== tags.severity ? { ...tags, severity } : tags
  const labels = rule ? identityOf(rule, meant).labels : meant
  const lost = Object.keys(meant).filter((name) => labels[name] !== meant[name])
  return {
    labels,
    notes: [
      ...(meant === tags ? [] : [`severity=${tags.severity} is ${severity} here`]),
      ...lost.map((name) => `${name}=${meant[name]}: the rule sets ${name} itself, to ${JSON.stringify(labels[name] ?? '')}`),
    ],
  }
}

function toPair(text: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw new AppError('VALIDATION_FAILED', `"${text}" is no label; write name=value, such as severity=critical.`)
  const value = text.slice(at + 1)
  if (/^[~!]/.test(value) || text[at - 1] === '!')
    throw new AppError('VALIDATION_FAILED', `"${text}" is a matcher; an alert has labels with one value each, such as team=shop.`)
  return [text.slice(0, at), value.replace(/^"(.*)"$/, '$1')]
}

function timeOf(text: string | undefined): number {
  if (text === undefined) return Date.now()
  const ms = Date.parse(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00` : text.replace(' ', 'T'))
  if (Number.isNaN(ms)) throw new AppError('VALIDATION_FAILED', `--at ${text} is no time; write 2026-11-22T03:00, or 2026-11-22T03:00Z.`)
  return ms
}

function checkNames(expected: readonly string[], { receivers }: Config): void {
  const names = receivers.map(({ name }) => name)
  const unknown = expected.find((name) => !names.includes(name))
  if (unknown === undefined) return
  throw new AppError(
    'VALIDATION_FAILED',
    `--expect: there is no receiver "${unknown}"${didYouMean(unknown, names) || `; there are ${names.join(', ')}`}`,
  )
}

const sameNames = (some: readonly string[], others: readonly string[]): boolean =>
  JSON.stringify([...new Set(some)].sort()) === JSON.stringify([...others].sort())

async function silencesOf({ url, token }: Target): Promise<readonly TriedSilence[]> {
  const { silences } = await askCollector<SilencesResponse>({ url, token }, 'GET', '/api/v1/silences?state=active,pending')
  return silences.map(({ id, startsAt, endsAt, matchers }) => ({
    ...{ id, startsAtMs: Date.parse(startsAt), endsAtMs: Date.parse(endsAt) },
    matchers: matchers.map(parseMatcher).filter((matcher) => typeof matcher !== 'string'),
  }))
}
