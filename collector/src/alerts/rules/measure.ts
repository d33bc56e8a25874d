import type { Tags } from '../../model/point.ts'
import { aggregate, sampleCount } from './aggregate.ts'
import type { Rule } from './rule.ts'
import type { SampleSeries } from './samples.ts'

/** The value a rule sees for one label set. Null: there are samples, but too few to say. */
export type Measured = { readonly tags: Tags; readonly value: number | null; readonly samples: number }

/** Takes series together as the rule says, and each group's samples to one value. */
export function measure(rule: Rule, series: readonly SampleSeries[]): readonly Measured[] {
  const groups = rule.source.groupBy ? groupSeries(series, rule.source.groupBy) : series.map((one) => ({ tags: one.tags, members: [one] }))
  return groups.flatMap(({ tags, members }) => {
    const samples = sampleCount(members)
    if (samples === 0) return []
    return [{ tags, samples, value: samples < rule.minSamples ? null : aggregate(rule.aggregate, members) }]
  })
}

type Group = { readonly tags: Tags; readonly members: SampleSeries[] }

function groupSeries(series: readonly SampleSeries[], groupBy: readonly string[]): readonly Group[] {
  const groups = new Map<string, Group>()
  for (const one of series) {
    const tags = Object.fromEntries(groupBy.map((tag) => [tag, one.tags[tag] ?? '']))
    const key = JSON.stringify(groupBy.map((tag) => tags[tag]))
    const group = groups.get(key)
    if (group) group.members.push(one)
    else groups.set(key, { tags, members: [one] })
  }
  return [...groups.values()]
}
