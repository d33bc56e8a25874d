import { z } from 'zod'
import { allRules } from '../config/complete.ts'
import type { Config } from '../config/config.ts'
import { crossCheck } from '../config/cross-check.ts'
import { configSchema } from '../config/schema.ts'
import { AppError } from '../lib/errors.ts'
import { formatPath } from '../lib/format-path.ts'
import { type Problem, parseWith } from '../lib/problems.ts'
import { type AlertingPart, alertingParts } from './alerting-parts.ts'

/** Parts that say nothing of the past, or stay those in force: nothing is sent, so the names of receivers are enough. */
const notGiven: ReadonlySet<AlertingPart> = new Set(['receivers', 'silences', 'heartbeat'])

const givenKeys = ['presets', ...alertingParts.filter((part) => !notGiven.has(part))]
const givenShape = Object.fromEntries(Object.entries(configSchema.shape).filter(([key]) => givenKeys.includes(key)))
const givenSchema = z.strictObject(givenShape).partial()

/** The configuration in force with some parts of it replaced; throws a list of what is wrong with those. */
export function withParts(inForce: Config, given: Readonly<Record<string, unknown>>): Config {
  const { data, problems } = parseWith(givenSchema as unknown as z.ZodType<Partial<z.output<typeof configSchema>>>, given)
  if (data === undefined || problems.length > 0) throw refusal(problems)
  const { rules = [], presets = [], ...rest } = Object.fromEntries(Object.entries(data).filter(([key]) => key in given)) as typeof data
  const replacesRules = 'rules' in given || 'presets' in given
  // Gates judge deployments and send nothing: those in force may name rules that the file is without.
  const merged = { ...inForce, ...rest, gates: [], rules: replacesRules ? allRules({ rules, presets }) : inForce.rules }
  const wrong = crossCheck(merged as Parameters<typeof crossCheck>[0], merged.rules)
  if (wrong.length > 0) throw refusal(wrong)
  return merged as Config
}

function refusal(problems: readonly Problem[]): AppError {
  const lines = problems.map(({ path, message }) => `${formatPath(path)}: ${message}`)
  return new AppError('VALIDATION_FAILED', `The configuration to replay is not valid: ${lines.join('; ')}`)
}
