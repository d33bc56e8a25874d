import { z } from 'zod'
import { durationSchema, formatDuration } from '../../../lib/duration.ts'
import type { Tags } from '../../../model/point.ts'
import { changeShape, changeText, comparedAggregate, judgeChange, unitsOfChange } from '../definition/compare.ts'
import { conditionSchema, conditionText, thresholdText } from '../definition/condition.ts'
import { inconclusiveOf, missing } from '../definition/judge.ts'
import type { Change, LastChange, PastNeed } from '../definition/rule.ts'
import { defineRuleKind } from '../definition/rule-kind.ts'
import { unitOfAggregate, unitOfName } from '../definition/unit.ts'
import { aggregate, sampleCount, valueText } from '../samples/aggregate.ts'
import { sourceSchema, windowSchema } from '../samples/source.ts'

const countOf = ({ id }: Pick<Change, 'id'>) => `samples before ${id}`
const calm = { verdict: 'false', value: null } as const

type Bake = { readonly service: string | undefined; readonly bakeMs: number }
type Moment = { readonly nowMs: number; readonly activeSinceMs: number | null; readonly lastChange: LastChange }

/**
 * A value after a deployment beside the value of the version before it.
 *
 * The other value is that of the time just before the deployment, and stays so: a regression that
 * lasts never becomes what it is measured by. Without an earlier version there is nothing to say, nor
 * with fewer than `min_samples` before or after.
 */
export const deployment = defineRuleKind({
  kind: 'deployment',
  shape: {
    source: sourceSchema.meta({ description: 'Its tags service and environment say which deployments count.' }),
    service: z.string().min(1).optional().meta({ description: 'Whose deployments count, for series without the tag service.' }),
    aggregate: comparedAggregate.default('mean'),
    window: windowSchema('5m'),
    bake: durationSchema.prefault('30m').meta({ description: 'How long after a deployment it may begin to hold.' }),
    baseline: durationSchema.prefault('1h').meta({ description: 'How long before the deployment the earlier version is measured.' }),
    ...changeShape,
    condition: conditionSchema,
  },
  toOptions: ({ source, service, aggregate, window, bake, baseline, as, min_change, condition }, { unit }) => ({
    ...{ source, service, aggregate, as, condition },
    ...{ windowMs: window, bakeMs: bake, baselineMs: baseline, minChange: min_change },
    ...unitsOfChange(as, unitOfAggregate(aggregate, unit ?? unitOfName(source.field))),
  }),
  inputs: ({ source, windowMs }) => ({ groupBy: source.groupBy, selectors: [source], keepMs: windowMs }),
  needs({ options, minSamples }, { nowMs, sets, lastChange }): PastNeed[] {
    const { source, aggregate, baselineMs } = options
    const changes = new Map<string, Change>()
    for (const { tags, activeSinceMs } of sets) {
      const change = armedBy(options, tags, { nowMs, activeSinceMs, lastChange })
      if (change?.previousVersion != null) changes.set(change.id, change)
    }
    const need = (name: string, { id, startedMs }: Change, wanted: PastNeed['aggregate']): PastNeed => ({
      ...{ name, key: JSON.stringify([id, source, wanted, baselineMs]), selector: source, aggregate: wanted },
      ...{ ranges: [{ from: startedMs - baselineMs, to: startedMs }], refreshMs: Number.POSITIVE_INFINITY },
    })
    return [...changes.values()].flatMap((change) => [
      need(change.id, change, aggregate),
      ...(minSamples > 1 ? [need(countOf(change), change, 'count')] : []),
    ])
  },
  read({ options, minSamples }, set) {
    const change = armedBy(options, set.tags, set)
    const fromMs = Math.max(set.nowMs - options.windowMs, change?.finishedMs ?? change?.startedMs ?? Number.NEGATIVE_INFINITY)
    const series = set.series(0, fromMs, set.nowMs)
    const samples = sampleCount(series)
    if (!change) return samples === 0 ? missing : calm
    const countedMs = set.nowMs - fromMs
    const now = aggregate(options.aggregate, series)
    const before = set.past(change.id)?.[0]?.[0]
    if (now === null || before === undefined || samples < minSamples) return { ...inconclusiveOf(samples), countedMs }
    if (minSamples > 1 && (set.past(countOf(change))?.[0]?.[0] ?? 0) < minSamples) return { ...inconclusiveOf(samples), countedMs }
    const reading = judgeChange(now, before, { ...options, isFiring: set.isFiring })
    return {
      ...reading,
      samples,
      countedMs,
      facts: { ...reading.facts, version: change.version, previous_version: change.previousVersion ?? '' },
    }
  },
  drawn: ({ source, aggregate, windowMs }) => ({
    ...{ source, aggregate, windowMs },
    instead: valueText(aggregate, `${source.measurement}.${source.field}`, windowMs),
  }),
  words: ({ source, aggregate, windowMs, as, condition, unit }) => ({
    what: `${as} of ${aggregate} of ${source.measurement}.${source.field} against the version before`,
    limit: conditionText(condition, unit),
    threshold: thresholdText(condition),
    ...{ windowMs, unit },
  }),
  summary: ({ source, aggregate, bakeMs, as, condition, unit, fieldUnit }, reading) =>
    `${aggregate} of ${source.measurement}.${source.field} ${changeText(reading, as, fieldUnit)} with version ${reading.facts?.previous_version}; ${reading.facts?.version} was deployed within ${formatDuration(bakeMs)} before, limit: ${conditionText(condition, unit)}`,
})

/** The deployment that a label set is measured by: the last one that still bakes, or the one that its alert began with. */
function armedBy({ service, bakeMs }: Bake, tags: Tags, { nowMs, activeSinceMs, lastChange }: Moment): Change | undefined {
  const name = service ?? tags.service
  const change = name === undefined ? undefined : lastChange(name, tags.environment, activeSinceMs ?? nowMs)
  if (!change) return undefined
  return activeSinceMs !== null || nowMs - (change.finishedMs ?? change.startedMs) <= bakeMs ? change : undefined
}
