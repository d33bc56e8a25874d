import { findBytes, hashBytes, startsWithEntry } from '../byte-table.ts'
import { addSpelling, seriesOf } from '../series-table.ts'
import { byteOf } from './bytes.ts'
import { parseSeries } from './parse-series.ts'
import { fail, refuse, type Scan } from './scan-state.ts'

/** Measurement and tags up to the space behind them; the number of the series, or -1. */
export function scanSeries(scan: Scan): number {
  const { table } = scan
  let spelling = likelySpelling(scan)
  if (spelling < 0) {
    spelling = scanSpelling(scan)
    if (spelling < 0) return -1
    if (scan.spelling >= 0) table.nextSpellings[scan.spelling] = spelling + 1
  }
  scan.spelling = spelling
  if (table.unsafeSpellings.size > 0 && table.unsafeSpellings.has(spelling)) scan.verbatim = false
  return table.seriesOfSpelling[spelling] as number
}

/** The spelling that followed the one before it last time, if it stands here again. */
function likelySpelling(scan: Scan): number {
  if (scan.spelling < 0) return -1
  const { nextSpellings, spellings } = scan.table
  const likely = (nextSpellings[scan.spelling] as number) - 1
  if (likely < 0 || !startsWithEntry(spellings, likely, scan.bytes, scan.position)) return -1
  const end = scan.position + (spellings.lengths[likely] as number)
  if (scan.bytes[end] !== byteOf.space) return -1
  scan.position = end
  return likely
}

function scanSpelling(scan: Scan): number {
  const { bytes, position, table } = scan
  let at = position
  for (let byte = bytes[at] as number; byte > byteOf.space; byte = bytes[++at] as number) {
    if (byte === byteOf.backslash && bytes[at + 1] === byteOf.space) at++
  }
  scan.position = at
  const known = bytes[at] === byteOf.space ? findBytes(table.spellings, bytes, position, at, hashBytes(bytes, position, at)) : -1
  return known >= 0 ? known : learnSpelling(scan, position, at)
}

function learnSpelling(scan: Scan, from: number, to: number): number {
  const behind = scan.bytes[to] as number
  const isCut = behind !== byteOf.space && behind !== byteOf.newline && behind !== byteOf.return
  if (isCut) return no(fail(scan, 'control character in a name'))
  const parsed = parseSeries(scan.text, from, to, scan.limits.tagsMax)
  if (typeof parsed === 'string') return no(fail(scan, parsed))
  if (behind !== byteOf.space) return no(fail(scan, 'missing fields'))
  const { keyBytesMax } = scan.limits
  if (to - from > keyBytesMax) return no(fail(scan, `max key length exceeded: ${to - from} > ${keyBytesMax}`))
  const series = seriesOf(scan.table, parsed.measurement, parsed.tags)
  if (typeof series === 'string') return no(refuse(scan, series))
  const spelling = addSpelling(scan.table, scan.bytes, from, to, series)
  // InfluxDB 1.x says 204 to `cpu\=load v=1` and stores it where no query finds it.
  if (parsed.measurement.includes('=') && scan.text.toString('utf8', from, to).includes('\\=')) scan.table.unsafeSpellings.add(spelling)
  return spelling
}

const no = (_failed: false) => -1
