import type { Tags } from '../../model/point.ts'

/** A value of a step; `stale` ends the series there, `missing` leaves the step out. */
export type Step = number | 'stale' | 'missing'

export type NamedSeries = { readonly measurement: string; readonly field: string; readonly tags: Tags }

const number = String.raw`[+-]?(?:\d+\.?\d*(?:e[+-]?\d+)?|\.\d+|inf|nan)`
const value = new RegExp(`^(${number})(?:([+-])(${number.slice(5)}))?(?:x(\\d+))?$`, 'i')
const stepsMax = 1_000_000

/** promtool's notation: `a+bxn` is a and n more, `axn` n + 1 times a, `_` a step left out, `_xn` n of them, `stale` the end. */
export function parseValues(text: string): Step[] {
  const steps = text
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '')
    .flatMap(parseWord)
  if (steps.length > stepsMax) throw new NotationProblem(`has ${steps.length} values, more than ${stepsMax}`)
  return steps
}

function parseWord(word: string): Step[] {
  if (word === 'stale') return ['stale']
  const left = /^_(?:x(\d+))?$/.exec(word)
  if (left) return repeat(Number(left[1] ?? 1), () => 'missing')
  const [, first, sign, step, times] = value.exec(word) ?? []
  if (first === undefined || (step !== undefined && times === undefined))
    throw new NotationProblem(`"${word}" is not a value; write 1, 0+10x5, 7x3, _, _x3 or stale`)
  const by = step === undefined ? 0 : toNumber(step) * (sign === '-' ? -1 : 1)
  return repeat(Number(times ?? 0) + 1, (index) => toNumber(first) + by * index)
}

function repeat(count: number, toStep: (index: number) => Step): Step[] {
  if (count > stepsMax) throw new NotationProblem(`repeats a value ${count} times, more than ${stepsMax}`)
  return Array.from({ length: count }, (_, index) => toStep(index))
}

function toNumber(text: string): number {
  const plain = text.toLowerCase().replace('inf', 'Infinity').replace('nan', 'NaN')
  return Number(plain)
}

/** `up{job="a"}` is the field `value` of `up`, as remote write has it; `cpu.usage_idle{host="a"}` names the field. */
export function parseSeries(text: string): NamedSeries {
  const [, name, inside = ''] = /^\s*([^{}\s]+)\s*(?:\{(.*)\})?\s*$/s.exec(text) ?? []
  if (name === undefined) throw new NotationProblem(`"${text}" is not a series; write measurement.field{tag="value"}`)
  const at = name.lastIndexOf('.')
  const [measurement, field] = at < 0 ? [name, 'value'] : [name.slice(0, at), name.slice(at + 1)]
  return { measurement, field, tags: parseTags(inside, text) }
}

function parseTags(inside: string, text: string): Tags {
  const tags: Record<string, string> = {}
  let rest = inside.trim()
  while (rest !== '') {
    const found = /^([^\s=,"]+)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(?:,\s*|$)/.exec(rest)
    if (!found) throw new NotationProblem(`the tags of "${text}" are not written {tag="value", other="value"}`)
    const [whole, tag = '', quoted = ''] = found
    const plain = quoted.replace(/\\(.)/g, '$1')
    if (plain !== '') tags[tag] = plain
    rest = rest.slice(whole.length)
  }
  return tags
}

/** What somebody wrote is not promtool's notation. */
export class NotationProblem extends Error {}
