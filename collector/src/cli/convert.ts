import { Command } from 'commander'
import type { z } from 'zod'
import { formatProblem, listProblems, placeText, readDocument } from '../config/document.ts'
import { AppError } from '../lib/errors.ts'
import { type Problem, parseWith } from '../lib/problems.ts'
import { alertmanagerFileSchema, fromAlertmanager } from './convert/alertmanager.ts'
import { type Converted, toYaml } from './convert/converted.ts'
import { fromPrometheus, ruleFileSchema } from './convert/prometheus.ts'
import { readGivenFile } from './given-file.ts'

const exitLeft = 1

/** What others configured, in our words: printed, never put in force. */
export function convertCommand(): Command {
  return new Command('convert')
    .description('Prints the alert rules and routes of other systems as parts of tidewatch.yaml, and says what has no counterpart.')
    .addCommand(
      new Command('prometheus')
        .description(
          'Rules of Prometheus, vmalert, Mimir. What differs stands above a rule as a comment; what has no counterpart is told on standard error, with the reason. Exit code: 0 all rules were brought over, 1 some were not, or a file cannot be read.',
        )
        .argument('<file>', 'a file of rules, with groups')
        .action((file: string) => convert(file, ruleFileSchema, fromPrometheus)),
    )
    .addCommand(
      new Command('alertmanager')
        .description(
          'Receivers, routes, inhibitions and time intervals of Alertmanager. Secrets are not repeated: they become variables of the environment. Exit code: 0 everything was brought over, 1 something was not, or the file cannot be read.',
        )
        .argument('<file>', 'alertmanager.yml')
        .action((file: string) => convert(file, alertmanagerFileSchema, fromAlertmanager)),
    )
}

function convert<Schema extends z.ZodType>(file: string, schema: Schema, from: (given: z.output<Schema>) => Converted): void {
  const document = readDocument(readGivenFile(file), undefined)
  const { data, problems } =
    document.problems.length > 0 ? { data: undefined, problems: document.problems } : parseWith(schema, document.data)
  const tell = (problem: Problem) => formatProblem(problem, (one) => placeText(file, document, one))
  if (problems.length > 0) throw new AppError('CONFIG_INVALID', listProblems(file, problems.map(tell)))
  const converted = from(data as z.output<Schema>)
  process.stdout.write(toYaml(converted))
  const left = converted.left.map(({ path, what, why }) => `${placeText(file, document, { path, message: '' })}: ${what}: ${why}`)
  if (left.length === 0) return
  process.stderr.write(`tidewatch: ${left.length} not brought over:\n${left.map((line) => `  ${line}`).join('\n')}\n`)
  process.exitCode = exitLeft
}
