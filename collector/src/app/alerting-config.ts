import type { z } from 'zod'
import { allRules } from '../config/complete.ts'
import type { Config } from '../config/config.ts'
import { crossCheck } from '../config/cross-check.ts'
import { type Problem, parseWith } from '../config/problems.ts'
import { configSchema } from '../config/schema.ts'
import { AppError } from '../lib/errors.ts'
import { formatPath } from '../lib/format-path.ts'

const parts = ['rules', 'route', 'receivers', 'inhibit_rules', 'time_intervals', 'escalations', 'flapping'] as const

/** The part of a configuration that decides what is sent, when and to whom. */
export type AlertingConfig = Pick<Config, (typeof parts)[number]>

/** Receivers are left out: nothing is sent, and the names are those of the configuration in force. */
const givenSchema = configSchema
  .pick({ rules: true, presets: true, route: true, inhibit_rules: true, time_intervals: true, escalations: true, flapping: true })
  .partial()

/** The configuration in force with some parts of it replaced; throws a list of what is wrong with those. */
export function withParts(inForce: Config, given: Readonly<Record<string, unknown>>): AlertingConfig {
  const { data, problems } = parseWith(givenSchema as unknown as z.ZodType<Partial<z.output<typeof configSchema>>>, given)
  if (data === undefined || problems.length > 0) throw refusal(problems)
  const { rules = [], presets = [], ...rest } = Object.fromEntries(Object.entries(data).filter(([key]) => key in given)) as typeof data
  const replacesRules = 'rules' in given || 'presets' in given
  const merged = { ...inForce, ...rest, rules: replacesRules ? allRules({ rules, presets }) : inForce.rules }
  const wrong = crossCheck(merged as Parameters<typeof crossCheck>[0], merged.rules)
  if (wrong.length > 0) throw refusal(wrong)
  return merged as AlertingConfig
}

function refusal(problems: readonly Problem[]): AppError {
  const lines = problems.map(({ path, message }) => `${formatPath(path)}: ${message}`)
  return new AppError('VALIDATION_FAILED', `The configuration to replay is not valid: ${lines.join('; ')}`)
}
