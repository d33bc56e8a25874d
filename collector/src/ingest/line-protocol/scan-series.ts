import { findBytes, hashByte, hashStart } from '../byte-table.ts'
import { addSpelling, seriesOf } from '../series-table.ts'
import { byteOf } from './bytes.ts'
import { parseSeries } from './parse-series.ts'
import { fail, refuse, type Scan } from './scan-state.ts'

/** Measurement and tags up to the space behind them; the number of the series, or -1. */
export function scanSeries(scan: Scan): number {
  const { bytes, position } = scan
  let at = position
  let hash = hashStart
  for (;;) {
    const byte = bytes[at] as number
    if (byte <= byteOf.space) break
    hash = hashByte(hash, byte)
    at++
    if (byte === byteOf.backslash && bytes[at] === byteOf.space) {
      hash = hashByte(hash, byteOf.space)
      at++
    }
  }
  scan.position = at
  const { table } = scan
  const known = bytes[at] === byteOf.space ? findBytes(table.spellings, bytes, position, at, hash) : -1
  return known >= 0 ? (table.seriesOfSpelling[known] as number) : learnSeries(scan, position, at, hash)
}

function learnSeries(scan: Scan, from: number, to: number, hash: number): number {
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
  addSpelling(scan.table, scan.bytes, from, to, hash, series)
  return series
}

const no = (_failed: false) => -1
