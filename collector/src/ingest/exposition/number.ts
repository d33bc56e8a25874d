import type { NativeHistogram } from '../remote-write/messages.ts'
import { refuse } from './family.ts'

const isDecimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const isInfinite = /^([+-]?)inf(?:inity)?$/i

/** A value as both formats write it: decimal, `NaN`, `+Inf` or `-Inf`, in any case. */
export function parseValue(text: string): number {
  if (isDecimal.test(text)) return Number(text)
  const infinite = isInfinite.exec(text)
  if (infinite) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  if (/^[+-]?nan$/i.test(text)) return Number.NaN
  return refuse(`${JSON.stringify(text)} is not a value; write a decimal number, NaN, +Inf or -Inf`)
}

/** Whole milliseconds, as the text format has them. */
export function parseMilliseconds(text: string): bigint {
  if (!/^[+-]?\d{1,18}$/.test(text)) return refuse(`${JSON.stringify(text)} is not a time; write whole milliseconds since 1970`)
  return BigInt(text.replace('+', '')) * 1_000_000n
}

/** Seconds with a fraction, as OpenMetrics has them; kept to the nanosecond. */
export function parseSeconds(text: string): bigint {
  const [, sign = '', whole, fraction = ''] = /^([+-]?)(\d+)(?:\.(\d*))?$/.exec(text) ?? []
  if (whole !== undefined) {
    const size = BigInt(whole) * 1_000_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, '0'))
    return sign === '-' ? -size : size
  }
  const seconds = isDecimal.test(text) ? Number(text) : Number.NaN
  if (!Number.isFinite(seconds)) return refuse(`${JSON.stringify(text)} is not a time; write seconds since 1970`)
  return BigInt(Math.round(seconds * 1e9))
}

const nativeKeys: Readonly<Record<string, keyof NativeHistogram>> = {
  count: 'countInt',
  sum: 'sum',
  schema: 'schema',
  zero_count: 'zeroCountInt',
  positive_spans: 'positiveSpans',
  negative_spans: 'negativeSpans',
  positive_deltas: 'positiveDeltas',
  negative_deltas: 'negativeDeltas',
}

/** A native histogram as text: `{count:24,sum:100,schema:0,positive_spans:[0:2],positive_deltas:[2,1]}`. */
export function parseNativeHistogram(text: string): NativeHistogram {
  if (!/^\{\w+:[^{}]*\}$/.test(text)) return refuse(`${JSON.stringify(text)} is not a native histogram`)
  const histogram: Record<string, unknown> = {}
  for (const [, key = '', list, value = ''] of text.slice(1, -1).matchAll(/(\w+):(?:\[([^\]]*)\]|([^,]*))(?:,|$)/g)) {
    const name = nativeKeys[key]
    if (name === undefined) continue
    if (key === 'sum' || key === 'schema') histogram[name] = parseValue(value)
    else if (list === undefined) histogram[name] = wholeOf(value)
    else histogram[name] = entriesOf(list).map((entry) => (key.endsWith('_spans') ? spanOf(entry) : wholeOf(entry)))
  }
  if (histogram.countInt === undefined || histogram.schema === undefined) return refuse('the native histogram has no count or no schema')
  return histogram
}

const entriesOf = (list: string) => (list === '' ? [] : list.split(','))

function wholeOf(text: string): bigint {
  return /^-?\d{1,19}$/.test(text) ? BigInt(text) : refuse(`${JSON.stringify(text)} is not a whole number`)
}

function spanOf(text: string): { offset: number; length: number } {
  const [, offset, length] = /^(-?\d{1,9}):(\d{1,9})$/.exec(text) ?? []
  return offset === undefined ? refuse(`${JSON.stringify(text)} is not a span`) : { offset: Number(offset), length: Number(length) }
}
