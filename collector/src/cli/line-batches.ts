/** Some whole lines of a file, and which of the file they are, counted from 1. */
export type LineBatch = { readonly bytes: Buffer; readonly firstLine: number; readonly lines: number }

const newline = 10
const quote = 34
const backslash = 92
const space = 32

/**
 * Cuts line protocol at line ends, so many lines at a time. A newline within quotes belongs to a
 * string; quotes count only after the first space that is not escaped, where the fields begin.
 */
export async function* toLineBatches(chunks: AsyncIterable<Buffer>, linesMax: number): AsyncGenerator<LineBatch> {
  let kept = Buffer.alloc(0)
  let [scanned, lines, firstLine] = [0, 0, 1]
  let [inFields, inQuotes, escaped] = [false, false, false]

  function step(byte: number): boolean {
    if (escaped) escaped = false
    else if (byte === backslash) escaped = true
    else if (byte === quote && inFields) inQuotes = !inQuotes
    else if (byte === space && !inFields) inFields = true
    if (byte !== newline || inQuotes) return false
    inFields = false
    escaped = false
    return true
  }

  for await (const chunk of chunks) {
    kept = Buffer.concat([kept, chunk])
    for (; scanned < kept.length; scanned++) {
      if (!step(kept[scanned] ?? 0) || ++lines < linesMax) continue
      yield { bytes: kept.subarray(0, scanned + 1), firstLine, lines }
      kept = kept.subarray(scanned + 1)
      firstLine += lines
      lines = 0
      scanned = -1
    }
  }
  if (kept.length > 0) yield { bytes: kept, firstLine, lines: lines + (kept.at(-1) === newline ? 0 : 1) }
}
