import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import type { Rule } from '../../alerts/rules/definition/rule.ts'
import { checkRules } from '../../config/cross-check.ts'
import { type ConfigDocument, type Environment, formatProblem, listProblems, placeText, readDocument } from '../../config/document.ts'
import { type RuleFile, readRuleFile } from '../../config/rule-file.ts'
import { durationSchema } from '../../lib/duration.ts'
import { AppError, messageOf } from '../../lib/errors.ts'
import { type Place, type Problem, parseWith } from '../../lib/problems.ts'
import { didYouMean } from '../../lib/words.ts'
import { readGivenFile } from '../given-file.ts'
import { NotationProblem, parseSeries, parseValues } from './notation.ts'

const texts = z.record(z.string(), z.string()).default({})

/** A text in promtool's notation; what cannot be read is a problem at its place. */
const written = <Meant>(parse: (text: string) => Meant) =>
  z.string().transform((text, context): Meant => {
    try {
      return parse(text)
    } catch (thrown) {
      if (!(thrown instanceof NotationProblem)) throw thrown
      context.addIssue({ code: 'custom', message: thrown.message })
      return z.NEVER
    }
  })

const checkSchema = z.strictObject({
  eval_time: durationSchema,
  alertname: z.string(),
  exp_alerts: z.array(z.strictObject({ exp_labels: texts, exp_annotations: texts })).default([]),
})

const testSchema = z.strictObject({
  name: z.string().default(''),
  interval: durationSchema.refine((ms) => ms > 0, 'must be more than 0s').optional(),
  start_timestamp: z.union([z.number(), z.iso.datetime({ offset: true })]).default(0),
  input_series: z.array(z.strictObject({ series: written(parseSeries), values: written(parseValues) })).default([]),
  alert_rule_test: z.array(checkSchema).min(1),
})

/** promtool's file of rule tests; what it has for PromQL has no meaning here. */
const fileSchema = z.strictObject({
  rule_files: z.array(z.string()).min(1),
  evaluation_interval: durationSchema.refine((ms) => ms > 0, 'must be more than 0s').prefault('1m'),
  tests: z.array(testSchema).min(1),
})

type Content = z.output<typeof fileSchema>
export type RuleTest = Content['tests'][number]
export type Check = RuleTest['alert_rule_test'][number]

export type TestFile = {
  readonly rules: readonly Rule[]
  readonly intervalMs: number
  readonly tests: readonly RuleTest[]
  placeOf(path: Problem['path']): Place | undefined
}

export type TestFileDoors = { readonly read: (path: string) => string; readonly env: Environment }

/**
 * A file of tests with the rules of the configurations that it names. Presets count only where a configuration names them.
 *
 * Throws one CONFIG_INVALID that lists what is wrong with any of these files, each with its path and line.
 */
export function readTestFile(path: string, { read, env }: TestFileDoors): TestFile {
  const document = readDocument(readGivenFile(path, read), env)
  const tell = (problem: Problem): string => formatProblem(problem, (one) => placeText(path, document, one))
  const { data, problems } = document.problems.length > 0 ? { ...document, data: undefined } : parseWith(fileSchema, document.data)
  if (!data) throw refusal(path, problems.map(tell))

  const files = data.rule_files.map((name, index) => readRules(name, index, path, { read, env }))
  const rules = files.flatMap(({ file }) => file?.rules ?? [])
  const wrong = [
    ...files.flatMap(({ problem, file }) => (file ? problemsOf(file, rules) : [tell(problem)])),
    ...twiceIn(files, data.rule_files).map(tell),
  ]
  if (wrong.length > 0) throw refusal(path, wrong)
  const unknown = unknownNames(data, rules)
  if (unknown.length > 0) throw refusal(path, unknown.map(tell))
  return { rules, intervalMs: data.evaluation_interval, tests: data.tests, placeOf: placeIn(document) }
}

const placeIn = (document: ConfigDocument) => (path: Problem['path']) => document.placeOf({ path, message: '' })

type Read = { readonly problem: Problem; readonly file?: RuleFile }

/** A file that cannot be read is a mistake of the one that names it. */
function readRules(name: string, index: number, from: string, { read, env }: TestFileDoors): Read {
  const path = resolve(dirname(from), name)
  const problem = (message: string): Problem => ({ path: ['rule_files', index], message })
  try {
    return { problem: problem(''), file: readRuleFile(name === path ? path : placeBeside(from, name), read(path), env) }
  } catch (thrown) {
    return { problem: problem(`cannot be read: ${messageOf(thrown)}`) }
  }
}

/** As a terminal that stands where the command was typed can open it. */
const placeBeside = (from: string, name: string): string => (dirname(from) === '.' ? name : `${dirname(from)}/${name}`)

const problemsOf = ({ own, problems, tell }: RuleFile, all: readonly Rule[]): readonly string[] =>
  problems.length > 0 ? problems : checkRules(own, all).map(tell)

/** Which of two rules of one name is tested would be anybody's guess. */
function twiceIn(files: readonly Read[], names: readonly string[]): Problem[] {
  return files.flatMap(({ file }, index) =>
    (file?.rules ?? []).flatMap(({ name }) => {
      const first = files.findIndex((other) => other.file?.rules.some((rule) => rule.name === name))
      if (first === index) return []
      return [{ path: ['rule_files', index], message: `has a rule "${name}", and so has ${names[first]}` }]
    }),
  )
}

function unknownNames({ tests }: Content, rules: readonly Rule[]): Problem[] {
  const names = rules.map(({ name }) => name)
  return tests.flatMap(({ alert_rule_test: checks }, test) =>
    checks.flatMap(({ alertname }, check) => {
      if (names.includes(alertname)) return []
      const path = ['tests', test, 'alert_rule_test', check, 'alertname']
      return [{ path, message: `there is no rule "${alertname}"${didYouMean(alertname, names) || known(names)}` }]
    }),
  )
}

const known = (names: readonly string[]): string =>
  names.length === 0 ? ', for the rule files hold none' : names.length > 10 ? '' : `; there are ${names.join(', ')}`

function refusal(path: string, lines: readonly string[]): AppError {
  return new AppError('CONFIG_INVALID', listProblems(path, lines))
}
