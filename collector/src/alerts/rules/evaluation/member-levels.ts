import type { Tags } from '../../../model/point.ts'
import { type Level, worse } from '../definition/expression.ts'

/** What a rule says of a label set, as far as it is decided. */
export type Known = {
  readonly tags: Tags
  readonly level: Level
  /** The level it would have if it held, where nothing can be said. */
  readonly most: Level
  /** The same where it holds not long enough to fire. */
  readonly soon: Level
}

type Levels = Omit<Known, 'tags'>

/** Label sets of a rule that have the same labels, by the values of those that somebody asked for. */
type Shape = { readonly labels: readonly string[]; readonly all: Known[]; readonly byShared: Map<string, ReadonlyMap<string, Levels>> }

/**
 * Finds the worst of a rule's label sets that agree with given labels: equal wherever both have one.
 *
 * Asked once for each label set of a composite, so it must not look at all of them every time: with ten
 * thousand on either side that would be a hundred million comparisons, while nothing else is evaluated.
 */
export function createMemberLevels(known: readonly Known[]) {
  const shapes = new Map<string, Shape>()
  for (const one of known) {
    const labels = Object.keys(one.tags)
    const name = JSON.stringify(labels)
    const shape = shapes.get(name)
    if (shape) shape.all.push(one)
    else shapes.set(name, { labels, all: [one], byShared: new Map() })
  }

  return {
    /** Undefined when the rule knows nothing of these labels. */
    of(tags: Tags): Levels | undefined {
      let found: Levels | undefined
      for (const shape of shapes.values()) {
        const shared = shape.labels.filter((label) => tags[label] !== undefined)
        const one = sharing(shape, shared).get(valuesOf(tags, shared))
        if (one) found = found ? worst(found, one) : one
      }
      return found
    },
  }
}

export type MemberLevels = ReturnType<typeof createMemberLevels>

function sharing({ all, byShared }: Shape, shared: readonly string[]): ReadonlyMap<string, Levels> {
  const name = JSON.stringify(shared)
  const ready = byShared.get(name)
  if (ready) return ready
  const made = new Map<string, Levels>()
  for (const one of all) {
    const values = valuesOf(one.tags, shared)
    const before = made.get(values)
    made.set(values, before ? worst(before, one) : one)
  }
  byShared.set(name, made)
  return made
}

const valuesOf = (tags: Tags, labels: readonly string[]): string => JSON.stringify(labels.map((label) => tags[label]))

const worst = (a: Levels, b: Levels): Levels => ({
  level: worse(a.level, b.level),
  most: worse(a.most, b.most),
  soon: worse(a.soon, b.soon),
})
