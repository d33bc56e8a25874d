import { Command } from 'commander'
import type { GateResult, GateResultsResponse, GatesResponse } from '../contract/gates.ts'
import { formatDuration } from '../lib/duration.ts'
import { actorByDefault, askCollector, clientCommand, type Target } from './collector-client.ts'
import { type Format, formatOption, print } from './format-option.ts'
import { asUnjudged, checkCommand } from './gate-check.ts'
import { resultText } from './gate-text.ts'

export function gateCommand(): Command {
  return new Command('gate')
    .description('Judges whether a deployment may begin or go on, by the rules that alert.')
    .exitOverride(asUnjudged)
    .addCommand(checkCommand())
    .addCommand(list())
    .addCommand(results())
    .addCommand(override())
}

const list = () =>
  clientCommand('list', 'read')
    .description('The configured gates, each with the rules it stands for now.')
    .addOption(formatOption())
    .action(async ({ format, ...target }: Target & { format: Format }) => {
      const answer = await askCollector<GatesResponse>(target, 'GET', '/api/v1/gates')
      print(format, answer, () => (answer.gates.length === 0 ? 'No gate is configured.' : answer.gates.map(toText).join('\n')))
    })

const results = () =>
  clientCommand('results', 'read')
    .description('What became of deployments at their gates, the newest first.')
    .option('--gate <name>', 'of this gate')
    .option('--service <service>', 'of this service')
    .option('--environment <environment>', 'of this environment')
    .option('--deployment <id>', 'of this deployment')
    .option('--verdict <verdicts>', 'pass, fail, inconclusive, error; separated by commas')
    .option('--limit <count>', 'this many', '20')
    .addOption(formatOption())
    .action(async ({ format, url, token, ...filter }: Target & { format: Format } & Record<string, string>) => {
      const path = `/api/v1/gates/results?${new URLSearchParams(filter)}`
      const answer = await askCollector<GateResultsResponse>({ url, token }, 'GET', path)
      print(format, answer, () => (answer.results.length === 0 ? 'No gate was checked.' : answer.results.map(toRow).join('\n')))
    })

const override = () =>
  clientCommand('override', 'operate')
    .description('Lets a deployment pass whatever the verdict, which stays what it is.')
    .argument('<id>', 'of the result, as "tidewatch gate check" prints it')
    .requiredOption('--reason <text>', 'why')
    .option('--actor <name>', 'who answers for it', actorByDefault())
    .action(async (id: string, { reason, actor, ...target }: Target & { reason: string; actor: string }) => {
      const path = `/api/v1/gates/results/${encodeURIComponent(id)}/override`
      console.log(resultText(await askCollector<GateResult>(target, 'POST', path, { actor, reason })))
    })

function toText({ name, rules, matchers, labels, watchMs }: GatesResponse['gates'][number]): string {
  const parts = [
    ...(matchers.length > 0 ? [`matchers: ${matchers.join(', ')}`] : []),
    ...(Object.keys(labels).length > 0 ? [`labels: ${JSON.stringify(labels)}`] : []),
    ...(watchMs > 0 ? [`watches ${formatDuration(watchMs)}`] : []),
  ]
  return [name, `  rules: ${rules.join(', ') || 'none'}`, ...parts.map((part) => `  ${part}`)].join('\n')
}

function toRow({ startedAt, id, gate, verdict, answer, state, actor, reason, override: by }: GateResult): string {
  const outcome = state === 'watching' ? 'watching' : verdict === answer ? verdict : `${verdict}, answered ${answer}`
  return `${startedAt}  ${id}  ${gate ?? '(chosen rules)'}  ${outcome}  ${actor}\n  ${reason}${by ? `; overridden by ${by.actor}: ${by.reason}` : ''}`
}
