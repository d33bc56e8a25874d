import { type Document, isAlias, isMap, isScalar, LineCounter, type Node, type Pair, parseDocument, visit, type YAMLError } from 'yaml'
import { formatPath } from '../lib/format-path.ts'
import type { Place, Problem } from '../lib/problems.ts'

/** A configuration file as data, with a way back from a problem to its place. */
export type ConfigDocument = {
  readonly data: unknown
  readonly problems: readonly Problem[]
  /** Where the value at the problem's path stands, or the key itself when that is what is wrong, or the nearest parent. */
  placeOf(problem: Problem): Place | undefined
}

/** Values for `${NAME}`; undefined: such texts stay as they are, for what somebody else sent must not read our environment. */
export type Environment = Readonly<Record<string, string | undefined>> | undefined

/**
 * Reads YAML and puts the environment's values in place of `${NAME}`. Its faults are problems, not exceptions.
 *
 * Where only some parts of the file are looked at, the variables of the others need not be set.
 */
export function readDocument(text: string, env: Environment, isLookedAt: (part: string) => boolean = () => true): ConfigDocument {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  const problems = firstOfEachLine(
    document.errors.map((error) => ({ path: [], message: notYaml(error, text), place: placeAt(error.pos[0]) })),
  )
  visit(document, {
    Pair: (_, { key }, path) => (path.length === 2 && isScalar(key) && !isLookedAt(String(key.value)) ? visit.SKIP : undefined),
    Scalar(key, node) {
      if (env === undefined || key === 'key' || typeof node.value !== 'string') return
      const place = placeAt(node.range?.[0] ?? 0)
      const unset = (name: string) => problems.push({ path: [], message: `\${${name}} is not set in the environment`, place })
      node.value = expand(node.value, env, unset)
    },
    Alias(_, node) {
      if (node.resolve(document)) return
      const place = placeAt(node.range?.[0] ?? 0)
      problems.push({ path: [], message: `*${node.source} stands for nothing: no value before it is marked &${node.source}`, place })
    },
  })

  const placeOf = ({ path, place, isKey }: Problem): Place | undefined => {
    const offset = place === undefined ? offsetOf(document, path, isKey) : undefined
    return place ?? (offset === undefined ? undefined : placeAt(offset))
  }
  if (problems.length > 0) return { data: undefined, problems, placeOf }
  return { data: isScalar(document.contents) && document.contents.value === null ? {} : (document.toJS() ?? {}), problems, placeOf }
}

function offsetOf(document: Document.Parsed, path: readonly PropertyKey[], isKey = false): number | undefined {
  const pair = isKey ? pairAt(document, path) : undefined
  if (pair?.key.range) return pair.key.range[0]
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as Node | undefined
    if (node?.range) return node.range[0]
  }
  return undefined
}

function pairAt(document: Document.Parsed, path: readonly PropertyKey[]): Pair<Node> | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  const group = isAlias(parent) ? parent.resolve(document) : parent
  if (!isMap(group)) return undefined
  return group.items.find(({ key }) => isScalar(key) && key.value === path.at(-1)) as Pair<Node> | undefined
}

/** One slip makes the parser stumble over all that follows. */
function firstOfEachLine(problems: readonly (Problem & { place: Place })[]): Problem[] {
  return problems.filter(({ place }, index) => problems.findIndex((other) => other.place.line === place.line) === index)
}

const yamlSlips: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'lines are indented with spaces, not with tabs',
  MULTIPLE_DOCS: 'a file holds one configuration; take the line --- away',
  DUPLICATE_KEY: 'the same key stands twice in one group; keep one of them',
}

/** What the parser stumbled over, with what people mostly did there. */
function notYaml({ code, message, pos: [offset] }: YAMLError, text: string): string {
  const slip = yamlSlips[code]
  if (slip) return `is not YAML: ${slip}`
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1).split('\n')[0] ?? ''
  const isBareTemplate = /:\s*\{\{/.test(line)
  return `is not YAML: ${message}${isBareTemplate ? '; a text that begins with {{ is written in quotes: "{{value}} is high"' : ''}`
}

/** `${NAME}` becomes the value of NAME; `$${NAME}` stays `${NAME}`. */
function expand(text: string, env: NonNullable<Environment>, onUnset: (name: string) => void): string {
  return text.replace(/\$?\$\{([A-Za-z_]\w*)\}/g, (whole, name: string) => {
    if (whole.startsWith('$$')) return whole.slice(1)
    const value = env[name]
    if (value === undefined) onUnset(name)
    return value ?? ''
  })
}

/** `tidewatch.yaml:12:5`, as editors and terminals know to open. */
export function placeText(file: string, document: ConfigDocument, problem: Problem): string {
  const place = document.placeOf(problem)
  return place === undefined ? file : `${file}:${place.line}:${place.column}`
}

/** `receivers[1].chanel: unknown key, did you mean "channel"?`, after where it stands: `tidewatch.yaml:12:5: `. */
export function formatProblem(problem: Problem, origin: (problem: Problem) => string | undefined): string {
  const path = formatPath(problem.path)
  const from = origin(problem)
  return `${from === undefined ? '' : `${from}: `}${path === '' ? '' : `${path}: `}${problem.message}`
}

/** One line by itself, several as a list below their file. */
export function listProblems(what: string, lines: readonly string[]): string {
  return lines.length === 1 ? lines.join() : `${what} has ${lines.length} problems:\n${lines.map((line) => `  ${line}`).join('\n')}`
}
