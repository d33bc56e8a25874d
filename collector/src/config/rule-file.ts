import { z } from 'zod'
import type { Rule } from '../alerts/rules/definition/rule.ts'
import { type Problem, parseWith } from '../lib/problems.ts'
import { allRules } from './complete.ts'
import { type Environment, formatProblem, placeText, readDocument } from './document.ts'
import { configSchema, unreadParts } from './schema.ts'

const looked = ['rules', 'presets']

/** A configuration of which only the rules are looked at; a key that no configuration has is a mistake all the same. */
const ruleFileSchema = z.strictObject({
  ...unreadParts,
  rules: configSchema.shape.rules,
  presets: configSchema.shape.presets.unwrap().default([]),
})

export type RuleFile = {
  /** The rules of the file, without those of presets. */
  readonly own: readonly Rule[]
  readonly rules: readonly Rule[]
  readonly problems: readonly string[]
  /** A problem in words, with its place in the file. */
  tell(problem: Problem): string
}

/** The rules of a configuration, and of the presets that it names. */
export function readRuleFile(file: string, text: string, env: Environment): RuleFile {
  const document = readDocument(text, env, (part) => looked.includes(part))
  const tell = (problem: Problem): string => formatProblem(problem, (one) => placeText(file, document, one))
  const { data, problems } = document.problems.length > 0 ? document : parseWith(ruleFileSchema, document.data)
  if (problems.length > 0) return { own: [], rules: [], problems: problems.map(tell), tell }
  const parsed = data as z.output<typeof ruleFileSchema>
  return { own: parsed.rules, rules: allRules(parsed), problems: [], tell }
}
