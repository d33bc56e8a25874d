import { isScalar, LineCounter, parseDocument, visit } from 'yaml'
import { formatPath } from '../lib/format-path.ts'
import type { Problem } from './problems.ts'

/** A configuration file as data, with a way back from a path to its line. */
export type ConfigDocument = {
  readonly data: unknown
  readonly problems: readonly Problem[]
  /** The line of the value at the path, or of the nearest parent that stands in the file. */
  lineOf(path: readonly PropertyKey[]): number | undefined
}

/** Reads YAML and puts the environment's values in place of `${NAME}`. Its faults are problems, not exceptions. */
export function readDocument(text: string, env: Readonly<Record<string, string | undefined>>): ConfigDocument {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  const problems: Problem[] = document.errors.map((error) => ({
    path: [],
    message: `line ${lines.linePos(error.pos[0]).line} is not YAML: ${error.message}`,
  }))

  const unset: { name: string; offset: number }[] = []
  visit(document, {
    Scalar(key, node) {
      if (key === 'key' || typeof node.value !== 'string') return
      node.value = expand(node.value, env, (name) => unset.push({ name, offset: node.range?.[0] ?? 0 }))
    },
  })
  for (const { name, offset } of unset) {
    problems.push({ path: [], message: `line ${lines.linePos(offset).line} uses \${${name}}, which is not set in the environment` })
  }

  const lineOf = (path: readonly PropertyKey[]): number | undefined => {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined
      if (node?.range) return lines.linePos(node.range[0]).line
    }
    return undefined
  }
  if (problems.length > 0) return { data: undefined, problems, lineOf }
  return { data: isScalar(document.contents) && document.contents.value === null ? {} : (document.toJS() ?? {}), problems, lineOf }
}

/** `${NAME}` becomes the value of NAME; `$${NAME}` stays `${NAME}`. */
function expand(text: string, env: Readonly<Record<string, string | undefined>>, onUnset: (name: string) => void): string {
  return text.replace(/\$?\$\{([A-Za-z_]\w*)\}/g, (whole, name: string) => {
    if (whole.startsWith('$$')) return whole.slice(1)
    const value = env[name]
    if (value === undefined) onUnset(name)
    return value ?? ''
  })
}

/** `receivers[1].chanel: unknown key, did you mean "channel"? (line 12)` */
export function formatProblem(problem: Problem, origin: (path: readonly PropertyKey[]) => string | undefined): string {
  const place = formatPath(problem.path)
  const from = origin(problem.path)
  return `${place === '' ? '' : `${place}: `}${problem.message}${from === undefined ? '' : ` (${from})`}`
}
