import { type ExposedFamily, type ExposedSample, refuse, toMetricType } from './family.ts'
import { parseNativeHistogram, parseSeconds, parseValue } from './number.ts'
import { beginFamily, createRules, endFamily, type OpenFamily, type Rules, takeSample } from './open-metrics-rules.ts'
import { type Cursor, codeAt, readIdentity, readLabels, readMetricName } from './sample-line.ts'
import { atLine } from './text.ts'

/**
 * OpenMetrics 1.0, with the quoted names and native histograms that came after it. A page that breaks
 * its rules is refused: `# EOF` and the rest are how a truncated or confused page is told from a whole one.
 * https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md
 */
export function parseOpenMetrics(page: string): ExposedFamily[] {
  const rules = createRules()
  const lines = page.split('\n')
  if (lines.at(-1) === '') lines.pop()
  const last = lines.length
  lines.forEach((line, index) => {
    atLine(index + 1, () => {
      if (line === '# EOF') {
        if (index + 1 < last) refuse('# EOF is not the last line')
        endFamily(rules)
      } else if (index + 1 === last) refuse('the page does not end with # EOF: it may be cut off')
      else if (line === '') refuse('the line is empty')
      else if (line.startsWith('#')) takeMetadata(line, rules)
      else takeSampleLine(line, rules)
    })
  })
  if (last === 0) refuse('the page does not end with # EOF: it is empty')
  return rules.families
}

/** `# TYPE name type`, `# HELP name text` or `# UNIT name unit`, with one space each. */
function takeMetadata(line: string, rules: Rules): void {
  const [, keyword] = /^# (TYPE|HELP|UNIT) /.exec(line) ?? []
  if (keyword === undefined) refuse('the line is neither a sample nor # TYPE, # HELP, # UNIT or # EOF')
  const cursor: Cursor = { text: line, at: 7, end: line.length }
  const name = readMetricName(cursor)
  if (name === '' || codeAt(cursor) !== 32) refuse(`# ${keyword} is not followed by a name, a space and a text`)
  const text = line.slice(cursor.at + 1)
  if (rules.open?.name !== name) {
    endFamily(rules)
    beginFamily(rules, name)
  }
  const open = rules.open as OpenFamily
  if (open.samples.length > 0) refuse(`# ${keyword} of ${name} stands behind its samples`)
  if (open.said.has(keyword)) refuse(`# ${keyword} of ${name} stands twice`)
  open.said.add(keyword)
  if (keyword === 'TYPE') open.type = toMetricType(text) ?? refuse(`${JSON.stringify(text)} is not a type of metric`)
  if (keyword === 'UNIT') open.unit = text
}

function takeSampleLine(line: string, rules: Rules): void {
  const cursor: Cursor = { text: line, at: 0, end: line.length }
  const { name, labels } = readIdentity(cursor, false)
  const value = readWord(cursor)
  const timeNs = isBeforeTime(cursor) ? parseSeconds(readWord(cursor)) : undefined
  const isNative = value.startsWith('{')
  const hasExemplar = cursor.at < cursor.end
  if (hasExemplar) readExemplar(cursor)
  while (isNative && cursor.at < cursor.end) readExemplar(cursor)
  if (cursor.at < cursor.end) refuse(`behind the sample of ${name}, something else stands`)
  const sample: ExposedSample = isNative
    ? { name, labels, value: 0, timeNs, native: parseNativeHistogram(value) }
    : { name, labels, value: parseValue(value), timeNs }
  takeSample(rules, sample, hasExemplar)
}

const exemplarMark = ' # {'

const isBeforeTime = ({ text, at, end }: Cursor) => at < end && !text.startsWith(exemplarMark, at)

/** A space and what follows it up to the next. */
function readWord(cursor: Cursor): string {
  const { text, at, end } = cursor
  if (codeAt(cursor) !== 32) refuse('a space is missing')
  const space = text.indexOf(' ', at + 1)
  cursor.at = space === -1 ? end : space
  return text.slice(at + 1, cursor.at)
}

/** Unicode characters in the names and values of an exemplar's labels. */
const exemplarLengthMax = 128

/** Checked and dropped: exemplars are not kept. */
function readExemplar(cursor: Cursor): void {
  if (!cursor.text.startsWith(exemplarMark, cursor.at)) refuse('behind a sample, only an exemplar may stand: " # {…} value"')
  cursor.at += exemplarMark.length - 1
  const labels: Record<string, string> = {}
  readLabels(cursor, labels, false)
  const length = [...Object.entries(labels).flat().join('')].length
  if (length > exemplarLengthMax) refuse(`the labels of an exemplar have ${length} characters; at most ${exemplarLengthMax} may be`)
  parseValue(readWord(cursor))
  if (isBeforeTime(cursor)) parseSeconds(readWord(cursor))
}
