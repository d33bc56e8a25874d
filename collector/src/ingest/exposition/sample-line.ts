import { refuse } from './family.ts'

/** A reading place within a line. */
export type Cursor = { readonly text: string; at: number; readonly end: number }

/** Name and labels of a sample as they stand in its line. */
export type Identity = { readonly name: string; readonly labels: Record<string, string> }

const quote = 34
const comma = 44
const equals = 61
const backslash = 92
const openBrace = 123
const closeBrace = 125

const isBlank = (code: number) => code === 32 || code === 9
const isLetter = (code: number) => (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95
const isDigit = (code: number) => code >= 48 && code <= 57

export const codeAt = ({ text, at, end }: Cursor) => (at < end ? text.charCodeAt(at) : -1)

export function skipBlanks(cursor: Cursor): void {
  while (isBlank(codeAt(cursor))) cursor.at++
}

/** Letters, digits and underscores, not beginning with a digit; colons in the names of metrics. Empty when there is none. */
export function readName(cursor: Cursor, colons: boolean): string {
  const { text, at: start, end } = cursor
  let at = start
  for (; at < end; at++) {
    const code = text.charCodeAt(at)
    if (!(isLetter(code) || (code === 58 && colons) || (isDigit(code) && at > start))) break
  }
  cursor.at = at
  return text.slice(start, at)
}

/** What stands between quotes; the cursor is at the first of them. */
export function readQuoted(cursor: Cursor): string {
  const { text, end } = cursor
  const start = cursor.at + 1
  let isEscaped = false
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      cursor.at = at + 1
      const raw = text.slice(start, at)
      return isEscaped ? unescapeText(raw) : raw
    }
    if (code === backslash) {
      isEscaped = true
      at++
    }
  }
  return refuse('a quoted text has no end')
}

/** A backslash before anything else stands for itself. */
export const unescapeText = (text: string) => text.replace(/\\([\\"n])/g, (_, code: string) => (code === 'n' ? '\n' : code))

/** The name of a metric, which may be quoted where metadata names it. */
export const readMetricName = (cursor: Cursor) => (codeAt(cursor) === quote ? readQuoted(cursor) : readName(cursor, true))

/**
 * Name and labels: `name`, `name{label="value"}` or `{"name", label="value"}`. `lenient` stands for the
 * text format, which takes blanks between all words, a comma after the last label, and none between two.
 */
export function readIdentity(cursor: Cursor, lenient: boolean): Identity {
  const name = readName(cursor, true)
  if (lenient) skipBlanks(cursor)
  const labels: Record<string, string> = {}
  if (codeAt(cursor) !== openBrace) {
    return name === '' ? refuse('the line does not begin with the name of a metric') : { name, labels }
  }
  const quoted = readLabels(cursor, labels, lenient)
  if (name !== '' && quoted !== undefined) return refuse(`the metric has two names, ${name} and ${JSON.stringify(quoted)}`)
  return { name: name || quoted || refuse('the metric has no name'), labels }
}

/** From brace to brace; returns the quoted name of the metric, if it stands there. */
export function readLabels(cursor: Cursor, labels: Record<string, string>, lenient: boolean): string | undefined {
  let name: string | undefined
  cursor.at++
  skipBlanks(cursor)
  if (lenient && codeAt(cursor) === comma) return readEnd(cursor)
  while (codeAt(cursor) !== closeBrace) {
    const isQuoted = codeAt(cursor) === quote
    const label = isQuoted ? readQuoted(cursor) : readName(cursor, false)
    if (label === '') refuse('a label has no name')
    skipBlanks(cursor)
    if (codeAt(cursor) === equals) readLabelValue(cursor, label, labels)
    else if (!isQuoted) refuse(`label ${label} has no value`)
    else if (name !== undefined) refuse(`the metric has two names, ${JSON.stringify(name)} and ${JSON.stringify(label)}`)
    else name = label
    skipBlanks(cursor)
    if (codeAt(cursor) === closeBrace) break
    if (codeAt(cursor) === comma) cursor.at++
    else if (!lenient || codeAt(cursor) === -1) refuse('after a label, a comma or a closing brace must stand')
    skipBlanks(cursor)
    if (!lenient && codeAt(cursor) === closeBrace) refuse('a comma stands after the last label')
  }
  cursor.at++
  return name
}

/** A comma alone between braces. */
function readEnd(cursor: Cursor): undefined {
  cursor.at++
  skipBlanks(cursor)
  if (codeAt(cursor) !== closeBrace) refuse('a label is missing before a comma')
  cursor.at++
}

function readLabelValue(cursor: Cursor, label: string, labels: Record<string, string>): void {
  cursor.at++
  skipBlanks(cursor)
  if (codeAt(cursor) !== quote) refuse(`the value of label ${label} does not stand in double quotes`)
  const value = readQuoted(cursor)
  if (Object.hasOwn(labels, label)) refuse(`label ${label} stands twice`)
  // Not by assignment: a label called __proto__ is a label.
  if (label === '__proto__') Object.defineProperty(labels, label, { value, enumerable: true, configurable: true, writable: true })
  else labels[label] = value
}
