import { z } from 'zod'

/** One thing that is wrong with the configuration, and where. */
export type Problem = { readonly path: readonly PropertyKey[]; readonly message: string }

type Parsed<Schema extends z.ZodType> = { readonly data?: z.output<Schema>; readonly problems: readonly Problem[] }

/** Parses a value; everything that is wrong with it comes back at once, in words for people. */
export function parseWith<Schema extends z.ZodType>(schema: Schema, value: unknown): Parsed<Schema> {
  const parsed = schema.safeParse(value, { error: sentence, reportInput: true })
  if (parsed.success) return { data: parsed.data, problems: [] }
  return { problems: parsed.error.issues.flatMap(toProblems) }
}

/** An unknown key is a problem at that key, not at its parent. */
function toProblems(issue: z.core.$ZodIssue): Problem[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, message: issue.message }]
  const lines = issue.message.split('\n')
  return issue.keys.map((key, index) => ({ path: [...issue.path, key], message: lines[index] ?? 'unknown key' }))
}

/** Our words for what zod finds; undefined leaves zod's own. */
function sentence(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => `unknown key${didYouMean(key, knownKeys(issue.inst))}`).join('\n')
    case 'invalid_type':
      return issue.input === undefined ? `is missing (${nameOf(issue.expected)})` : `must be ${nameOf(issue.expected)}`
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}${nearest(issue.input, issue.values)}`
    case 'invalid_union':
      return unionSentence(issue)
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

function nearest(input: unknown, values: readonly unknown[]): string {
  return typeof input === 'string' ? didYouMean(input, values.map(String)) : ''
}

function knownKeys(schema: unknown): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
}

/** Of a union told apart by `type` or `kind`: which words it knows. */
function unionSentence({ inst, input }: z.core.$ZodRawIssue): string | undefined {
  if (!(inst instanceof z.ZodDiscriminatedUnion)) return undefined
  const key = inst.def.discriminator
  const words = inst.options.flatMap((option) => (option instanceof z.ZodObject ? wordsOf(option.shape[key]) : []))
  const given = (input as Record<string, unknown> | null)?.[key]
  return `must be one of ${words.join(', ')}${nearest(given, words)}`
}

function wordsOf(schema: unknown): string[] {
  if (schema instanceof z.ZodOptional) return wordsOf(schema.unwrap())
  return schema instanceof z.ZodLiteral ? [...schema.values].map(String) : []
}

/** `, did you mean "channel"?`, when one of the words is near enough. */
export function didYouMean(word: string, known: readonly string[]): string {
  const ranked = known.map((other) => ({ other, distance: editDistance(word.toLowerCase(), other.toLowerCase()) }))
  const best = ranked.sort((a, b) => a.distance - b.distance)[0]
  return best && best.distance <= (word.length < 4 ? 1 : Math.max(2, Math.floor(word.length / 3))) ? `, did you mean "${best.other}"?` : ''
}

/** How many letters must be added, dropped or changed (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) {
      next.push(Math.min((next[j] as number) + 1, (row[j + 1] as number) + 1, (row[j] as number) + (letter === other ? 0 : 1)))
    }
    row = next
  }
  return row[b.length] as number
}

/** A problem for each value that stands earlier in the list already. */
export function doubles(section: string, values: readonly string[], message: (value: string) => string): Problem[] {
  return values.flatMap((value, index) => (values.indexOf(value) < index ? [{ path: [section, index], message: message(value) }] : []))
}
