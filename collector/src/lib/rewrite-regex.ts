/** A part of an expression: what may be repeated, and how often it is. */
const part =
  /(\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|c[a-zA-Z]|[\s\S])|\[(?:\\[\s\S]|[^\]\\])*\]|\(\?(?:<\w+>|:)|[^{])(\{\d+(?:,\d*)?\}\??)?|\{/g
/** As in RE2. */
const timesMax = 1000

/**
 * The same expression in words that V8's engine of linear time takes: it knows no flag i and few counted repetitions.
 * So letters become classes of both cases, and what is one character is written as often as it may come.
 */
export function rewriteRegex(source: string, ignoresCase: boolean): string {
  return source.replace(part, (whole: string, one: string | undefined, count: string | undefined) => {
    if (one === undefined) return whole
    const written = ignoresCase ? inBothCases(one) : one
    if (count === undefined) return written
    return one === ')' ? `${written}${count}` : repeated(written, count)
  })
}

function repeated(one: string, count: string): string {
  const [, least = '0', comma, most = ''] = /^\{(\d+)(,)?(\d*)\}/.exec(count) ?? []
  const [from, to] = [Number(least), comma === undefined ? Number(least) : most === '' ? null : Number(most)]
  if (Math.max(from, to ?? 0) > timesMax) throw new Error(`${count} repeats more than ${timesMax} times`)
  return `(?:${one.repeat(from)}${to === null ? `${one}*` : `${one}?`.repeat(Math.max(0, to - from))})`
}

function inBothCases(one: string): string {
  if (!one.startsWith('[')) return one.length === 1 && otherCase(one) !== one ? `[${one}${otherCase(one)}]` : one
  return one.replace(/\\[\s\S]|([^\]])-([^\]\\])|[^\]\\]/g, (inside, from?: string, to?: string) => {
    if (inside.startsWith('\\')) return inside
    if (from !== undefined && to !== undefined) return inside + otherCases(from, to)
    return otherCase(inside) === inside ? inside : inside + otherCase(inside)
  })
}

/** The letter in its other case; what has none, or one of several letters, stays. */
function otherCase(letter: string): string {
  const other = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()
  return other.length === letter.length ? other : letter
}

const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ']

/** What a range of characters lacks. */
function otherCases(from: string, to: string): string {
  return letters
    .filter((letter) => from <= letter && letter <= to)
    .map(otherCase)
    .join('')
}
