import { setFlagsFromString } from 'node:v8'
import { messageOf } from './errors.ts'

// V8 changes to an engine of linear time when an expression backtracks too much, so that no
// matcher, whoever wrote it, can stop the process with (a+)+b.
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks')

/** What RE2 has not, and what keeps V8 from changing engines. */
const beyondRe2 = /\(\?<?[=!]|\\[1-9]|\\k</

/**
 * An expression in RE2's notation that must match the whole text, or the sentence that says why it is
 * none. `(?i)` at its beginning and `(?P<name>…)` are understood.
 */
export function parseLinearRegex(source: string): RegExp | string {
  if (beyondRe2.test(source)) return 'it looks around or back (?=, ?!, \\1), which costs too much time'
  if (source.includes('[[:')) return 'classes such as [[:alpha:]] are not understood; write [a-zA-Z]'
  const [, flags = '', rest = ''] = /^(?:\(\?([ims]+)\))?(.*)$/s.exec(source) ?? []
  try {
    return new RegExp(`^(?:${rest.replaceAll('(?P<', '(?<')})$`, [...new Set(`s${flags.replace('m', '')}`)].join(''))
  } catch (thrown) {
    return `its regular expression cannot be read: ${messageOf(thrown).split(': ').at(-1)}`
  }
}
