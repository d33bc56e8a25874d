import { setFlagsFromString } from 'node:v8'
import { messageOf } from './errors.ts'
import { rewriteRegex } from './rewrite-regex.ts'

// V8 changes to an engine of linear time when an expression backtracks too much, so that no
// matcher, whoever wrote it, can stop the process with (a+)+b.
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks')
// That engine does not take every expression; those it takes may be written with the flag l.
setFlagsFromString('--enable-experimental-regexp-engine')

/** What RE2 has not, and what keeps V8 from changing engines. */
const beyondRe2 = /\(\?<?[=!]|\\[1-9]|\\k</

/** Each escape, and by itself what V8 would read as a plain letter: `\A`, `\z`, `\pL`, `\x{41}` of RE2. */
const escapes = /\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|[dDwWsSbBtnrfv]|[^a-zA-Z])|(\\[a-zA-Z])/g

/**
 * An expression in RE2's notation that must match the whole text, or the sentence that says why it is
 * none. `(?i)` at its beginning and `(?P<name>…)` are understood.
 */
export function parseLinearRegex(source: string): RegExp | string {
  return parse(source, (inner) => `^(?:${inner})$`)
}

/** The same for one that must match somewhere in the text, as in InfluxQL. */
export function parseLinearSearch(source: string): RegExp | string {
  return parse(source, (inner) => inner)
}

function parse(source: string, within: (inner: string) => string): RegExp | string {
  if (beyondRe2.test(source)) return 'it looks around or back (?=, ?!, \\1), which costs too much time'
  if (source.includes('[[:')) return 'classes such as [[:alpha:]] are not understood; write [a-zA-Z]'
  const unknown = [...source.matchAll(escapes)].find(([, letter]) => letter !== undefined)?.[1]
  if (unknown !== undefined) return `"${unknown}" is not understood; there are \\d, \\w, \\s, \\b and classes such as [a-zA-Z]`
  const [, given = '', rest = ''] = /^(?:\(\?([ims]+)\))?(.*)$/s.exec(source) ?? []
  try {
    // Tells what is no expression at all, in words for what was written.
    new RegExp(rest.replaceAll('(?P<', '(?<'))
    const inner = rewriteRegex(rest.replaceAll('(?P<', '(?<'), given.includes('i'))
    const expression = new RegExp(within(inner), 's')
    return isLinear(expression) ? expression : 'it repeats a repetition too often, or has (?i: within; that may cost too much time'
  } catch (thrown) {
    return `its regular expression cannot be read: ${messageOf(thrown).split(': ').at(-1)}`
  }
}

/** Whether V8 can change engines in the midst of it. Otherwise a text of thirty letters may keep it busy for hours. */
function isLinear({ source, flags }: RegExp): boolean {
  try {
    return new RegExp(source, `${flags}l`).flags.includes('l')
  } catch {
    return false
  }
}
