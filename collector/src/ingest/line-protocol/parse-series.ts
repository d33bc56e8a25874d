import type { Tags } from '../../model/point.ts'
import { unescapeName } from '../escape.ts'
import { byteOf, isControl } from './bytes.ts'

/** A measurement and its tags, or what is wrong with them in InfluxDB's words. */
export function parseSeries(text: Buffer, from: number, to: number, tagsMax: number): { measurement: string; tags: Tags } | string {
  for (let at = from; at < to; at++) if (isControl(text[at] as number)) return 'control character in a name'
  let at = wordEnd(text, from, to, false)
  if (at === from) return 'missing measurement'
  const measurement = unescapeName(text.toString('utf8', from, at))
  const tags: [string, string][] = []
  while (at < to) {
    const keyEnd = wordEnd(text, at + 1, to, true)
    if (keyEnd === at + 1) return 'missing tag key'
    if (text[keyEnd] !== byteOf.equals || keyEnd === to) return 'missing tag value'
    const valueEnd = wordEnd(text, keyEnd + 1, to, true)
    if (valueEnd === keyEnd + 1) return 'missing tag value'
    if (valueEnd < to && text[valueEnd] === byteOf.equals) return 'invalid tag format'
    tags.push([unescapeName(text.toString('utf8', at + 1, keyEnd)), unescapeName(text.toString('utf8', keyEnd + 1, valueEnd))])
    at = valueEnd
  }
  if (tags.length > tagsMax) return `the point has ${tags.length} tags, at most ${tagsMax} are taken`
  if (new Set(tags.map(([key]) => key)).size < tags.length) return 'duplicate tags'
  return { measurement, tags: Object.fromEntries(tags) }
}

/** The next comma, or equals sign where that counts, that no backslash escapes; `to` when there is none. */
function wordEnd(text: Buffer, from: number, to: number, equals: boolean): number {
  for (let at = from; at < to; at++) {
    const byte = text[at]
    const ends = byte === byteOf.comma || (equals && byte === byteOf.equals)
    if (ends && (at === from || text[at - 1] !== byteOf.backslash)) return at
  }
  return to
}
