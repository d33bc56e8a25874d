import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import type { Rule } from '../../alerts/rules/rule.ts'
import { allRules } from '../../config/complete.ts'
import { configSchema } from '../../config/schema.ts'
import { durationSchema } from '../../lib/duration.ts'
import { AppError, messageOf } from '../../lib/errors.ts'
import { formatPath } from '../../lib/format-path.ts'
import { type Problem, parseWith } from '../../lib/problems.ts'

const texts = z.record(z.string(), z.string()).default({})

const testSchema = z.strictObject({
  name: z.string().default(''),
  interval: durationSchema.optional(),
  start_timestamp: z.union([z.number(), z.iso.datetime({ offset: true })]).default(0),
  input_series: z.array(z.strictObject({ series: z.string(), values: z.string() })).default([]),
  alert_rule_test: z
    .array(
      z.strictObject({
        eval_time: durationSchema,
        alertname: z.string(),
        exp_alerts: z.array(z.strictObject({ exp_labels: texts, exp_annotations: texts })).default([]),
      }),
    )
    .default([]),
})

/** promtool's file of rule tests; what it has for PromQL has no meaning here. */
const fileSchema = z.strictObject({
  rule_files: z.array(z.string()).default([]),
  evaluation_interval: durationSchema.prefault('1m'),
  tests: z.array(testSchema).min(1),
})

const rulesSchema = z.object({ rules: configSchema.shape.rules, presets: configSchema.shape.presets.unwrap().default([]) })

export type RuleTest = z.output<typeof testSchema>
export type TestFile = { readonly rules: readonly Rule[]; readonly intervalMs: number; readonly tests: readonly RuleTest[] }

/** A file of tests with the rules of the configurations that it names. Presets count only where a configuration names them. */
export function readTestFile(path: string): TestFile {
  const file = read(path, fileSchema)
  const rules = file.rule_files.flatMap((name) => allRules(read(resolve(dirname(path), name), rulesSchema)))
  return { rules, intervalMs: file.evaluation_interval, tests: file.tests }
}

function read<Schema extends z.ZodType>(path: string, schema: Schema): z.output<Schema> {
  const { data, problems } = parseWith(schema, parseYaml(path))
  if (data === undefined || problems.length > 0) throw refusal(path, problems)
  return data
}

function parseYaml(path: string): unknown {
  try {
    return parse(readFileSync(path, 'utf8')) ?? {}
  } catch (thrown) {
    throw new AppError('CONFIG_INVALID', `Cannot read ${path}: ${messageOf(thrown)}`, { cause: thrown })
  }
}

function refusal(path: string, problems: readonly Problem[]): AppError {
  const lines = problems.map(({ path: place, message }) => `  ${formatPath(place)}: ${message}`)
  return new AppError('CONFIG_INVALID', `${path}:\n${lines.join('\n')}`)
}
