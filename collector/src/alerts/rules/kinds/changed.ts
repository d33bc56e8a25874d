import { formatDuration } from '../../../lib/duration.ts'
import { type Condition, conditionSchema, conditionText, thresholdText } from '../definition/condition.ts'
import { inconclusiveOf, judge, missing } from '../definition/judge.ts'
import { defineRuleKind } from '../definition/rule-kind.ts'
import { numberText } from '../definition/template.ts'
import { sampleCount } from '../samples/aggregate.ts'
import { quietWithin } from '../samples/quiet.ts'
import type { SampleRun, SampleSeries } from '../samples/samples.ts'
import { sourceSchema, windowSchema } from '../samples/source.ts'

const once: Condition = { kind: 'above', limit: 0, until: null }

/** A value that is another than before: a version, a setting, a state that flaps. */
export const changed = defineRuleKind({
  kind: 'changed',
  shape: {
    source: sourceSchema,
    window: windowSchema('5m'),
    condition: conditionSchema.optional().meta({ description: 'On the number of changes in the window; left out: any change.' }),
  },
  toOptions: ({ source, window, condition = once }) => ({ source, windowMs: window, condition }),
  inputs: ({ source, windowMs }) => ({ groupBy: source.groupBy, selectors: [{ ...source, text: true }], keepMs: windowMs }),
  read({ options, minSamples }, set) {
    const fromMs = set.nowMs - options.windowMs
    const series = set.series(0, fromMs, set.nowMs)
    const samples = sampleCount(series)
    if (samples === 0) return missing
    if (samples < minSamples) return inconclusiveOf(samples)
    const changes = series.reduce((sum, one) => sum + changesOf(one), 0)
    const isWindowKnown = set.isKnownSince(fromMs)
    const reading = judge(changes, {
      condition: options.condition,
      isFiring: set.isFiring,
      isWindowKnown,
      samples,
      facts: lastChangeOf(series),
    })
    // While all that is there and all that comes is one value, nothing changes.
    if (changes > 0 || reading.verdict !== 'false') return reading
    const quiet = quietWithin(onlyValueOf(series), series, { ...options, minSamples })
    return quiet ? { ...reading, quiet } : reading
  },
  words: ({ source, windowMs, condition }) => ({
    what: `the number of changes of ${source.measurement}.${source.field} over ${formatDuration(windowMs)}`,
    limit: conditionText(condition),
    threshold: thresholdText(condition),
    windowMs,
  }),
  summary({ source, windowMs }, { value, facts }) {
    const name = `${source.measurement}.${source.field}`
    const times = value === 1 ? '' : `, ${numberText(value)} changes in ${formatDuration(windowMs)}`
    return facts?.to === undefined ? `${name} changed${times}` : `${name} changed from ${facts.from} to ${facts.to}${times}`
  },
})

function onlyValueOf([first]: readonly SampleRun[]): { low: number; high: number } {
  const value = first?.values[first.start] ?? Number.NaN
  return { low: value, high: value }
}

/** From what to what the newest change went; texts as they are. */
function lastChangeOf(series: readonly SampleSeries[]): { from: string; to: string } | undefined {
  let newestMs = Number.NEGATIVE_INFINITY
  let found: { from: string; to: string } | undefined
  for (const { times, values, start, end, texts } of series) {
    const wordOf = (value: number) => (texts ? (texts.of(value) ?? '?') : numberText(value))
    let index = end - 1
    while (index > start && values[index] === values[index - 1]) index--
    const atMs = times[index] as number
    if (index <= start || atMs <= newestMs) continue
    newestMs = atMs
    found = { from: wordOf(values[index - 1] as number), to: wordOf(values[index] as number) }
  }
  return found
}

function changesOf({ values, start, end }: SampleRun): number {
  let changes = 0
  for (let index = start + 1; index < end; index++) if (values[index] !== values[index - 1]) changes++
  return changes
}
