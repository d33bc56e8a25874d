import type { AlertInstance } from '../../model/alert-records.ts'
import type { Tags } from '../../model/point.ts'
import { type Identity, identityOf } from './identity.ts'
import type { Rule } from './rule.ts'
import type { Inputs } from './rule-kind.ts'
import type { SampleRun, SampleSeries, TrackedSeries } from './samples.ts'

/** The series that make one label set of a rule, by input. */
export type LabelSet = {
  readonly identity: Identity
  readonly tags: Tags
  readonly members: readonly TrackedSeries[][]
  evaluatedAtMs: number
  /** Had samples when it was last looked at. */
  isPresent: boolean
}

/** Finds the label set of a series at once, so that a sample costs no search. */
export function createLabelSets(rule: Rule, { groupBy, without = [], selectors }: Inputs) {
  const byId = new Map<string, LabelSet>()
  const byKey = new Map<string, LabelSet>()
  const bySeries = selectors.map(() => new Map<TrackedSeries, LabelSet>())
  /** Label sets that the rule's own labels made alike. */
  let twins: (readonly [LabelSet, LabelSet])[] = []

  function tagsOf({ tags }: TrackedSeries): Tags {
    if (groupBy) return Object.fromEntries(groupBy.map((tag) => [tag, tags[tag] ?? '']))
    return without.length === 0 ? tags : Object.fromEntries(Object.entries(tags).filter(([tag]) => !without.includes(tag)))
  }

  function add(identity: Identity, tags: Tags): LabelSet {
    const set = { identity, tags, members: selectors.map(() => []), evaluatedAtMs: Number.NEGATIVE_INFINITY, isPresent: false }
    byId.set(identity.id, set)
    return set
  }

  function setOf(tags: Tags): LabelSet {
    const key = JSON.stringify(Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1)))
    const known = byKey.get(key)
    if (known) return known
    const identity = identityOf(rule, tags)
    const alike = byId.get(identity.id)
    const isTaken = alike !== undefined && [...byKey.values()].includes(alike)
    const set = alike && !isTaken ? alike : add(identity, tags)
    if (alike && isTaken) twins.push([alike, set])
    byKey.set(key, set)
    return set
  }

  return {
    all: (): Iterable<LabelSet> => byId.values(),
    count: (): number => byId.size,
    get: (id: string): LabelSet | undefined => byId.get(id),
    /** A label set whose series are not known yet: an alert of an earlier process. */
    addRestored({ id, labels }: AlertInstance): void {
      const { alertname: _, severity: __, ...tags } = labels
      add({ id, labels }, tags)
    },
    attach(series: TrackedSeries, input: number): LabelSet {
      const known = bySeries[input]?.get(series)
      if (known) return known
      const set = setOf(tagsOf(series))
      const members = set.members[input]
      const goneAt = members?.findIndex((member) => member.isGone()) ?? -1
      if (goneAt >= 0) bySeries[input]?.delete(members?.splice(goneAt, 1)[0] as TrackedSeries)
      members?.push(series)
      bySeries[input]?.set(series, set)
      return set
    },
    remove(id: string): void {
      const set = byId.get(id)
      if (!set) return
      byId.delete(id)
      for (const [key, other] of byKey) if (other === set) byKey.delete(key)
      set.members.forEach((members, input) => {
        for (const member of members) bySeries[input]?.delete(member)
      })
      twins = twins.filter((pair) => !pair.includes(set))
    },
    /** Two that have samples since then and are told apart by nothing. */
    duplicate(fromMs: number, toMs: number): LabelSet | undefined {
      return twins.find((pair) => pair.every((set) => set.members.some((_, input) => samplesOf(set, input, fromMs, toMs).length > 0)))?.[0]
    },
  }
}

export type LabelSets = ReturnType<typeof createLabelSets>

/** The series of one input that have samples there. */
export function samplesOf({ members }: LabelSet, input: number, fromMs: number, toMs: number): SampleSeries[] {
  const found: SampleSeries[] = []
  for (const series of members[input] ?? []) {
    const run: SampleRun = series.between(fromMs, toMs)
    if (run.times.length > 0) found.push({ tags: series.tags, field: series.field, times: run.times, values: run.values })
  }
  return found
}
