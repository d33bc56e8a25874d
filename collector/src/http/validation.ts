import type { z } from 'zod'
import { AppError } from '../lib/errors.ts'
import { formatPath } from '../lib/format-path.ts'
import { type Problem, parseWith } from '../lib/problems.ts'

/** All that is wrong with a value, in one line: `actor: is missing (a text); for: "2x" is not a duration`. */
export function problemsText(problems: readonly Problem[]): string {
  return problems.map(({ path, message }) => [formatPath(path), message].filter((part) => part !== '').join(': ')).join('; ')
}

/** Parses a part of a request; its faults become one VALIDATION_FAILED. */
export function parsePart<Schema extends z.ZodType>(schema: Schema, value: unknown, part: string): z.output<Schema> {
  const { data, problems } = parseWith(schema, value)
  if (problems.length > 0) throw new AppError('VALIDATION_FAILED', `The ${part} is not valid: ${problemsText(problems)}`)
  return data as z.output<Schema>
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** A body that is not UTF-8 is refused: what could not be read would be stored as question marks under another name. */
export function parseJson(body: Uint8Array): unknown {
  if (body.length === 0) throw new AppError('INVALID_JSON', 'The body is empty; it must be JSON.')
  try {
    return JSON.parse(utf8.decode(body))
  } catch (thrown) {
    throw new AppError('INVALID_JSON', `The body is not JSON: ${(thrown as Error).message}.`, { cause: thrown })
  }
}
