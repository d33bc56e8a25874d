import { z } from 'zod'
import { type ConfigDocument, type Environment, formatProblem, listProblems, readDocument } from '../config/document.ts'
import { configSchema, unreadParts } from '../config/schema.ts'
import { AppError } from '../lib/errors.ts'
import { formatPath } from '../lib/format-path.ts'
import { type Place, type Problem, parseWith } from '../lib/problems.ts'
import { type AlertingPart, alertingParts } from './alerting-parts.ts'

/** Parts that say nothing of the past, or stay those in force: nothing is sent, so the names of receivers are enough. */
const notGiven: ReadonlySet<AlertingPart> = new Set(['receivers', 'silences', 'heartbeat'])

/** What somebody may want to try before it is in force. */
export const givenKeys: readonly string[] = ['presets', ...alertingParts.filter((part) => !notGiven.has(part))]

/** Parts of a configuration that somebody gives, with the words for what is wrong with them. */
export type GivenParts = {
  readonly parts: Readonly<Record<string, unknown>>
  tell(problem: Problem): string
}

export const noParts: GivenParts = { parts: {}, tell: formatted }

/** What came with a request: parts as data, or the text of a person, whose lines are named. */
export function partsOfRequest({ config, yaml }: { readonly config: GivenParts['parts']; readonly yaml?: string | undefined }): GivenParts {
  if (yaml === undefined) return { ...noParts, parts: config }
  return partsOfText(yaml, undefined, (place) => (place ? `line ${place.line}, column ${place.column}` : 'the text'))
}

/** The parts of a file, each problem with its place there. */
export function partsOfFile(file: string, text: string, env: Environment): GivenParts {
  return partsOfText(text, env, (place) => (place ? `${file}:${place.line}:${place.column}` : file))
}

/**
 * What a text says of alerting: a file as the configuration's, of which the rest is not looked at, a list of
 * rules, or one rule. Throws when it is none of these.
 */
function partsOfText(text: string, env: Environment, originOf: (place: Place | undefined) => string): GivenParts {
  const document = readDocument(text, env, (part) => !leftAlone.includes(part))
  const { data, problems, above } = shapeOf(document)
  const tell = (problem: Problem): string =>
    formatProblem(problem, (one) => originOf(document.placeOf({ ...one, path: one.path.slice(above) })))
  if (problems.length > 0) throw invalidParts(problems.map(tell))
  return { parts: data, tell }
}

const leftAlone = Object.keys(configSchema.shape).filter((key) => !givenKeys.includes(key))
const anyFile = z.strictObject(unreadParts)

/** The parts in a document, and how many steps above it their paths begin. */
function shapeOf({ data, problems }: ConfigDocument): { data: GivenParts['parts']; problems: readonly Problem[]; above: number } {
  if (problems.length > 0) return { data: {}, problems, above: 0 }
  if (Array.isArray(data)) return { data: { rules: data }, problems, above: 1 }
  if (typeof data !== 'object' || data === null)
    return { data: {}, problems: [{ path: [], message: `is no mapping. ${whatToWrite}` }], above: 0 }
  if ('name' in data) return { data: { rules: [data] }, problems, above: 2 }
  const parts = Object.fromEntries(Object.entries(data).filter(([key]) => givenKeys.includes(key)))
  const unknown = parseWith(anyFile, data).problems
  const isNothing = Object.keys(parts).length === 0 && unknown.length === 0
  const nothing = isNothing ? [{ path: [], message: `holds none of ${givenKeys.join(', ')}. ${whatToWrite}` }] : []
  return { data: parts, problems: [...unknown, ...nothing], above: 0 }
}

const whatToWrite = 'Write a rule, a list of rules, or a file as the configuration has it'

export function invalidParts(lines: readonly string[]): AppError {
  return new AppError('VALIDATION_FAILED', listProblems('The configuration to replay', lines))
}

function formatted({ path, message }: Problem): string {
  return `${formatPath(path)}: ${message}`
}
