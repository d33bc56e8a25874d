import { z } from 'zod'
import { allRules } from '../config/complete.ts'
import type { Config } from '../config/config.ts'
import { crossCheck } from '../config/cross-check.ts'
import { configSchema } from '../config/schema.ts'
import { parseWith } from '../lib/problems.ts'
import { type GivenParts, givenKeys, invalidParts } from './given-parts.ts'

const givenShape = Object.fromEntries(Object.entries(configSchema.shape).filter(([key]) => givenKeys.includes(key)))
const givenSchema = z.strictObject(givenShape).partial()

/** Parts as they are meant, each by itself; throws a list of what is wrong with them. */
export function parseParts({ parts, tell }: GivenParts): Partial<z.output<typeof configSchema>> {
  const { data, problems } = parseWith(givenSchema as unknown as z.ZodType<Partial<z.output<typeof configSchema>>>, parts)
  if (data === undefined || problems.length > 0) throw invalidParts(problems.map(tell))
  return Object.fromEntries(Object.entries(data).filter(([key]) => key in parts))
}

/** The configuration in force with some parts of it replaced; throws a list of what is wrong with those. */
export function withParts(inForce: Config, given: GivenParts): Config {
  const { rules = [], presets = [], ...rest } = parseParts(given)
  const replacesRules = 'rules' in given.parts || 'presets' in given.parts
  // Gates judge deployments and send nothing: those in force may name rules that the file is without.
  const merged = { ...inForce, ...rest, gates: [], rules: replacesRules ? allRules({ rules, presets }) : inForce.rules }
  const wrong = crossCheck(merged as Parameters<typeof crossCheck>[0], merged.rules)
  if (wrong.length > 0) throw invalidParts(wrong.map(given.tell))
  return merged as Config
}
