import type { AlertInstance } from '../../../model/alert-records.ts'
import type { Tags } from '../../../model/point.ts'
import { type Identity, identityOf } from '../definition/identity.ts'
import type { Rule } from '../definition/rule.ts'
import type { Inputs } from '../definition/rule-kind.ts'
import type { SampleSeries, TrackedSeries } from './samples.ts'

/** The series that make one label set of a rule, by input. */
export type LabelSet = {
  readonly identity: Identity
  tags: Tags
  members: readonly (readonly TrackedSeries[])[]
  /** No earlier than this does time alone change what is read of it. */
  dueMs: number
  /** Samples are expected of it that change nothing. */
  isQuiet: boolean
  /** Had samples when it was last looked at. */
  isPresent: boolean
  /** The round that last chose it. */
  round: number
}

/** Finds the label set of a series at once, so that a sample costs no search. */
export function createLabelSets(rule: Rule, { groupBy, without = [], selectors }: Inputs) {
  const byId = new Map<string, LabelSet>()
  const bySeries = selectors.map(() => new Map<TrackedSeries, LabelSet>())
  const nobody: LabelSet['members'] = selectors.map(() => [])
  /** Label sets that the rule's own labels made alike, by the id that they share. */
  const twins = new Map<string, readonly LabelSet[]>()

  function tagsOf({ tags }: TrackedSeries): Tags {
    if (groupBy) return Object.fromEntries(groupBy.map((tag) => [tag, tags[tag] ?? '']))
    return without.length === 0 ? tags : Object.fromEntries(Object.entries(tags).filter(([tag]) => !without.includes(tag)))
  }

  function create(identity: Identity, tags: Tags): LabelSet {
    return { identity, tags, members: nobody, dueMs: Number.NEGATIVE_INFINITY, isQuiet: false, isPresent: false, round: 0 }
  }

  function add(set: LabelSet): LabelSet {
    byId.set(set.identity.id, set)
    return set
  }

  function setOf(tags: Tags): LabelSet {
    const identity = identityOf(rule, tags)
    const alike = byId.get(identity.id)
    if (!alike) return add(create(identity, tags))
    // One without series was restored, or is between two series; these are the tags it is known by from now on.
    if (alike.members === nobody) alike.tags = tags
    if (isSame(alike.tags, tags)) return alike
    const all = twins.get(identity.id) ?? [alike]
    const known = all.find((twin) => isSame(twin.tags, tags))
    if (known) return known
    const twin = create(identity, tags)
    twins.set(identity.id, [...all, twin])
    return twin
  }

  /** One of those that are alike takes the place of another. */
  function replace(old: LabelSet, by: LabelSet): void {
    by.isPresent = old.isPresent
    old.isPresent = false
    by.dueMs = Number.NEGATIVE_INFINITY
    add(by)
  }

  return {
    all: (): Iterable<LabelSet> => byId.values(),
    count: (): number => byId.size,
    get: (id: string): LabelSet | undefined => byId.get(id),
    /** A label set whose series are not known yet: an alert of an earlier process. */
    addRestored({ id, labels }: AlertInstance): void {
      if (byId.has(id)) return
      const { alertname: _, severity: __, ...tags } = labels
      // The rule may have got another severity meanwhile.
      const severity: Tags = rule.severity === null ? {} : { severity: rule.severity }
      add(create({ id, labels: { ...labels, ...severity } }, tags))
    },
    attach(series: TrackedSeries, input: number): LabelSet {
      const known = bySeries[input]?.get(series)
      if (known) return known
      const set = setOf(tagsOf(series))
      const gone = set.members[input]?.find((member) => member.isGone())
      if (gone) bySeries[input]?.delete(gone)
      set.members = set.members.map((own, at) => (at === input ? [...own.filter((member) => member !== gone), series] : own))
      bySeries[input]?.set(series, set)
      return set
    },
    remove(id: string): void {
      const set = byId.get(id)
      if (!set) return
      byId.delete(id)
      set.members.forEach((members, input) => {
        for (const member of members) bySeries[input]?.delete(member)
      })
      const left = (twins.get(id) ?? []).filter((twin) => twin !== set)
      if (left[0]) add(left[0])
      if (left.length > 1) twins.set(id, left)
      else twins.delete(id)
    },
    hasTwins: (): boolean => twins.size > 0,
    /** Whether it is the one that is read of those that are alike. */
    speaks: (set: LabelSet): boolean => twins.size === 0 || byId.get(set.identity.id) === set,
    /**
     * Of those that are alike, the one that has samples in this time speaks, whoever came first. Gives back
     * one of two that have them, and that nothing tells apart.
     */
    duplicate(fromMs: number, toMs: number): LabelSet | undefined {
      const hasSamples = (set: LabelSet) => set.members.some((_, input) => samplesOf(set, input, fromMs, toMs).length > 0)
      for (const [id, all] of twins) {
        const [speaker, other] = all.filter(hasSamples)
        if (other) return other
        const current = byId.get(id)
        if (speaker && current && speaker !== current) replace(current, speaker)
      }
      return undefined
    },
  }
}

/** The series of one input that have samples there. */
export function samplesOf({ members }: LabelSet, input: number, fromMs: number, toMs: number): SampleSeries[] {
  const found: SampleSeries[] = []
  for (const series of members[input] ?? []) {
    const run = series.between(fromMs, toMs)
    if (run.end > run.start) found.push(run)
  }
  return found
}

function isSame(one: Tags, other: Tags): boolean {
  const names = Object.keys(one)
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name])
}
