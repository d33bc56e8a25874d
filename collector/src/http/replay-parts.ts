import { parse } from 'yaml'
import { AppError, messageOf } from '../lib/errors.ts'

const known = ['rules', 'presets', 'route', 'inhibit_rules', 'time_intervals', 'escalations', 'flapping']

/** The parts of a configuration as a person wrote them: a file that holds them, a list of rules, or one rule. */
export function toReplayParts(text: string): Record<string, unknown> {
  const data = read(text)
  if (Array.isArray(data)) return { rules: data }
  if (typeof data !== 'object' || data === null) throw notParts('is no mapping')
  if ('name' in data) return { rules: [data] }
  const parts = Object.entries(data).filter(([key]) => known.includes(key))
  if (parts.length === 0) throw notParts(`holds none of ${known.join(', ')}`)
  return Object.fromEntries(parts)
}

function read(text: string): unknown {
  try {
    return parse(text)
  } catch (thrown) {
    throw notParts(`is not YAML: ${messageOf(thrown).trim()}`)
  }
}

function notParts(what: string): AppError {
  return new AppError('VALIDATION_FAILED', `yaml: ${what}. Write a rule, a list of rules, or a file as the configuration has it.`)
}
