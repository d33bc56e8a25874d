import type { RuleAggregate } from '../samples/aggregate.ts'

/** Endings of names that say what a value is counted in, as Telegraf, OpenTelemetry and Prometheus write them. */
const endings: readonly (readonly [RegExp, string])[] = [
  [/(?:_percent|_pct)$|^(?:usage_\w+|percent)$/, '%'],
  [/(?:^|_)(?:ms|milliseconds|millis)$/, 'ms'],
  [/_s$|(?:^|_)seconds$/, 's'],
  [/(?:^|_)bytes$/, 'bytes'],
]

/** What a field is counted in, as far as its name tells; empty otherwise. */
export function unitOfName(name: string): string {
  return endings.find(([ending]) => ending.test(name))?.[1] ?? ''
}

/** What an aggregate of it is counted in: a number of samples in nothing, a growth by the second in so much a second. */
export function unitOfAggregate(aggregate: RuleAggregate, unit: string): string {
  if (aggregate === 'count' || unit === '') return ''
  return aggregate === 'rate' ? `${unit}/s` : unit
}

/** `90 %`, `90`. */
export const withUnit = (text: string, unit: string): string => (unit === '' ? text : `${text} ${unit}`)
