import type { Fact } from './fact.ts'

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
/** What a person sees as one sign is seldom longer; whoever piles up more has it cut. */
const graphemeMax = 64

/** Cuts a text to a length in UTF-16 units, with an ellipsis for what fell; never through what a person sees as one sign. */
export function trim(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text
  const end = Math.max(0, lengthMax - 1)
  const from = Math.max(0, end - graphemeMax)
  const near = text.slice(from, end + graphemeMax)
  const boundary = from + (graphemes.segment(near).containing(end - from)?.index ?? 0)
  const cut = boundary > from || from === 0 ? boundary : end
  const kept = text.slice(0, cut)
  return `${/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept}…`
}

export const bytesOf = (text: string): number => Buffer.byteLength(text)

/** A fact with its text cut to a length. Half a command would be another command. */
export function trimFact(fact: Fact, textMax: number): Fact {
  if (fact.text.length <= textMax) return fact
  return fact.isCommand
    ? { name: fact.name, text: 'a command that is too long for here; Tidewatch shows it' }
    : { ...fact, text: trim(fact.text, textMax) }
}

/**
 * Lines of a text with a limit: the first line and the links stay, and of the facts between them as many as there is room for.
 * No line is cut, since it may hold markup.
 */
export function fitLines(first: string, facts: readonly string[], links: readonly string[], lengthMax: number): string {
  let room = lengthMax - first.length
  const take = (line: string, reserve: number): boolean => {
    if (line.length + 1 + reserve > room) return false
    room -= line.length + 1
    return true
  }
  const keptLinks = links.filter((line) => take(line, 0))
  const kept: string[] = []
  for (const line of facts) {
    if (!take(line, 2)) return [first, ...kept, ...(room > 1 ? ['…'] : []), ...keptLinks].join('\n')
    kept.push(line)
  }
  return [first, ...kept, ...keptLinks].join('\n')
}

/** The body that says most and is still no longer than the receiver takes. */
export function fitBody(alertsMost: number, bytesMax: number, build: Build<string>): string {
  return firstFit(alertsMost, build, (body) => bytesOf(body) <= bytesMax)
}

type Build<Built> = (alertsMax: number, textMax: number) => Built

/** `build` is asked with ever fewer alerts, at last with ever shorter texts; it says itself how many it left out. */
export function firstFit<Built>(alertsMost: number, build: Build<Built>, fits: (built: Built) => boolean): Built {
  for (const textMax of [1000, 300, 80]) {
    for (let alertsMax = alertsMost; alertsMax >= 1; alertsMax = Math.floor(alertsMax / 2)) {
      const built = build(alertsMax, textMax)
      if (fits(built)) return built
    }
  }
  return build(1, 80)
}
