import { AppError } from '../../lib/errors.ts'
import { type ExposedFamily, refuse, suffixesOf, toMetricType } from './family.ts'
import { parseMilliseconds, parseValue } from './number.ts'
import { type Cursor, codeAt, readIdentity, readMetricName, skipBlanks } from './sample-line.ts'

type Families = { readonly byName: Map<string, ExposedFamily>; lastName: string; last: ExposedFamily | undefined }

/**
 * Prometheus's text format 0.0.4, with the quoted names of 1.0.0.
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 *
 * One bad line refuses the page, as in Prometheus: half a page is worse than a target that is down.
 */
export function parseText(page: string): ExposedFamily[] {
  const families: Families = { byName: new Map(), lastName: '', last: undefined }
  let number = 0
  for (let start = 0; start < page.length; ) {
    const newline = page.indexOf('\n', start)
    const end = newline === -1 ? page.length : newline
    number++
    atLine(number, () => takeLine({ text: page, at: start, end: page.charCodeAt(end - 1) === 13 && end > start ? end - 1 : end }, families))
    start = end + 1
  }
  return [...families.byName.values()]
}

/** Says which line was refused. */
export function atLine(number: number, take: () => void): void {
  try {
    take()
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'INGEST_LINE_INVALID') throw thrown
    throw new AppError('INGEST_LINE_INVALID', `line ${number}: ${thrown.message}`, { cause: thrown })
  }
}

function takeLine(cursor: Cursor, families: Families): void {
  skipBlanks(cursor)
  if (cursor.at === cursor.end) return
  if (codeAt(cursor) === 35) {
    cursor.at++
    takeComment(cursor, families)
    return
  }
  const { name, labels } = readIdentity(cursor, true)
  const value = parseValue(readWord(cursor) || refuse(`${name} has no value`))
  const time = readWord(cursor)
  skipBlanks(cursor)
  if (cursor.at < cursor.end) refuse(`behind the value and time of ${name}, something else stands`)
  familyOf(families, name).samples.push({ name, labels, value, timeNs: time === '' ? undefined : parseMilliseconds(time) })
}

function readWord(cursor: Cursor): string {
  skipBlanks(cursor)
  const { text, at: start } = cursor
  for (let code = codeAt(cursor); code !== -1 && code !== 32 && code !== 9; code = codeAt(cursor)) cursor.at++
  return text.slice(start, cursor.at)
}

/** `# TYPE name type` says something; `# HELP` and all others do not. */
function takeComment(cursor: Cursor, families: Families): void {
  const keyword = readWord(cursor)
  if (keyword !== 'TYPE' && keyword !== 'HELP') return
  skipBlanks(cursor)
  const name = readMetricName(cursor)
  if (name === '') refuse(`# ${keyword} names no metric`)
  if (keyword === 'HELP') return
  const word = readWord(cursor)
  const type = word === 'untyped' ? 'unknown' : toMetricType(word)
  if (type === undefined) refuse(`${JSON.stringify(word)} is not a type of metric`)
  families.lastName = ''
  const known = families.byName.get(name)
  if (known) known.type = type
  else families.byName.set(name, { name, type, samples: [] })
}

/** The family a sample belongs to: the one of its own name, or the histogram or summary that it is a part of. */
function familyOf(families: Families, sampleName: string): ExposedFamily {
  if (families.last !== undefined && families.lastName === sampleName) return families.last
  const family = partOf(families, sampleName) ?? families.byName.get(sampleName) ?? { name: sampleName, type: 'unknown', samples: [] }
  if (family.samples.length === 0) families.byName.set(family.name, family)
  families.lastName = sampleName
  families.last = family
  return family
}

function partOf({ byName }: Families, sampleName: string): ExposedFamily | undefined {
  const cut = sampleName.lastIndexOf('_')
  if (cut < 1) return undefined
  const whole = byName.get(sampleName.slice(0, cut))
  if (whole === undefined || !isJoined(whole)) return undefined
  return suffixesOf[whole.type].includes(sampleName.slice(cut)) ? whole : undefined
}

const isJoined = ({ type }: ExposedFamily) => type === 'histogram' || type === 'gaugehistogram' || type === 'summary'
