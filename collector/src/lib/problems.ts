import { z } from 'zod'
import { counted, didYouMean, unknownKey } from './words.ts'

export type Place = { readonly line: number; readonly column: number }

/** One thing that is wrong with a configuration or a request, and where. */
export type Problem = {
  readonly path: readonly PropertyKey[]
  readonly message: string
  /** The key is wrong, not what it holds. */
  readonly isKey?: boolean
  /** For what has no path: where the file is no YAML. */
  readonly place?: Place
}

type Parsed<Schema extends z.ZodType> = { readonly data?: z.output<Schema>; readonly problems: readonly Problem[] }

/** Parses a value; everything that is wrong with it comes back at once, in words for people. */
export function parseWith<Schema extends z.ZodType>(schema: Schema, value: unknown): Parsed<Schema> {
  const parsed = schema.safeParse(value, { error: sentence, reportInput: true })
  if (parsed.success) return { data: parsed.data, problems: [] }
  return { problems: parsed.error.issues.flatMap((issue) => toProblems(issue, [])) }
}

/** An unknown key is a problem at that key, not at its parent; what fits one of several forms least badly is measured by that one. */
function toProblems(issue: z.core.$ZodIssue, above: readonly PropertyKey[]): Problem[] {
  const path = [...above, ...issue.path]
  if (issue.code === 'unrecognized_keys') {
    const lines = issue.message.split('\n')
    return issue.keys.map((key, index) => ({ path: [...path, key], message: lines[index] ?? 'unknown key', isKey: true }))
  }
  const meant = issue.code === 'invalid_union' ? issue.errors.filter((form) => form.length > 0 && !form.some(isOtherType)) : []
  const [form] = meant
  return meant.length === 1 && form ? form.flatMap((one) => toProblems(one, path)) : [{ path, message: issue.message }]
}

const isOtherType = ({ code, path }: z.core.$ZodIssue): boolean => code === 'invalid_type' && path.length === 0

/** Our words for what zod finds; undefined leaves zod's own. */
function sentence(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, knownKeys(issue.inst))).join('\n')
    case 'invalid_type':
      return wrongType(issue.expected, issue.input)
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}${nearest(issue.input, issue.values)}`
    case 'invalid_union':
      return unionSentence(issue)
    case 'too_small':
      return limitSentence(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum)
    case 'too_big':
      return limitSentence(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum)
    default:
      return undefined
  }
}

const names: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of settings',
  record: 'a group of settings',
}

function nameOf(expected: string): string {
  return names[expected] ?? expected
}

/** The value itself is not repeated: it may be a secret. */
function wrongType(expected: string, input: unknown): string {
  if (input === undefined) return `is missing (${nameOf(expected)})`
  if (input === null) return `is empty: give ${nameOf(expected)}, or leave the key out`
  return `must be ${nameOf(expected)}${howToWrite(expected, input)}`
}

function howToWrite(expected: string, input: unknown): string {
  if (expected === 'string') return typeof input === 'object' ? '' : '; put it in quotes'
  if (expected === 'number' && typeof input === 'string') return ', without quotes and unit'
  if (expected === 'array') return typeof input === 'object' ? '; each entry begins with "- "' : '; write it in brackets: [a, b]'
  if (expected === 'object' || expected === 'record') return ': { key: value }'
  return ''
}

function limitSentence(origin: string, relation: string, limit: number | bigint): string {
  if (origin === 'string' && relation === 'at least' && Number(limit) === 1) return 'must not be empty'
  if (origin === 'string') return `must have ${relation} ${counted(Number(limit), 'character')}`
  if (origin === 'array') return `must have ${relation} ${counted(Number(limit), 'entry', 'entries')}`
  return `must be ${relation} ${limit}`
}

function nearest(input: unknown, values: readonly unknown[]): string {
  return typeof input === 'string' ? didYouMean(input, values.map(String)) : ''
}

function knownKeys(schema: unknown): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
}

/** Of a union told apart by `type` or `kind`: which words it knows; of another: what it may be. */
function unionSentence({ inst, input, errors }: z.core.$ZodRawIssue): string | undefined {
  if (input === undefined) return 'is missing'
  if (!(inst instanceof z.ZodDiscriminatedUnion)) return otherForms(errors as readonly z.core.$ZodIssue[][])
  const key = inst.def.discriminator
  const words = inst.options.flatMap((option) => (option instanceof z.ZodObject ? wordsOf(option.shape[key]) : []))
  const given = (input as Record<string, unknown> | null)?.[key]
  return `must be one of ${words.join(', ')}${nearest(given, words)}${given === undefined ? ofAlertmanager(input) : ''}`
}

/** Alertmanager says the kind of a receiver by a key. */
function ofAlertmanager(input: unknown): string {
  const key = typeof input === 'object' && input !== null ? Object.keys(input).find((name) => name.endsWith('_configs')) : undefined
  return key === undefined ? '' : `; ${key} is Alertmanager's word, "tidewatch convert alertmanager FILE" says it in ours`
}

function otherForms(errors: readonly z.core.$ZodIssue[][]): string | undefined {
  const forms = errors.flat().flatMap((issue) => (issue.code === 'invalid_type' && issue.path.length === 0 ? [nameOf(issue.expected)] : []))
  return forms.length === errors.length ? `must be ${[...new Set(forms)].join(' or ')}` : undefined
}

function wordsOf(schema: unknown): string[] {
  if (schema instanceof z.ZodOptional) return wordsOf(schema.unwrap())
  if (schema instanceof z.ZodEnum) return schema.options.map(String)
  return schema instanceof z.ZodLiteral ? [...schema.values].map(String) : []
}

/** A problem for each value that stands earlier in the list already. */
export function doubles(section: string, values: readonly string[], message: (value: string) => string): Problem[] {
  return values.flatMap((value, index) => (values.indexOf(value) < index ? [{ path: [section, index], message: message(value) }] : []))
}
