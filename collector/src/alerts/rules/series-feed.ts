import type { Clock } from '../../lib/clock.ts'
import type { AlertInstance } from '../../model/alert-records.ts'
import { createAnswers } from './answers.ts'
import type { Due } from './evaluate.ts'
import type { Collected, Feed, FeedView, Why } from './feed.ts'
import { identityOf } from './identity.ts'
import { missing } from './judge.ts'
import { createLabelSets, type LabelSet, samplesOf } from './label-sets.ts'
import type { PastQueries } from './past.ts'
import type { LastChange, Reading, Rule, SetView } from './rule.ts'
import type { SeriesKind } from './rule-kind.ts'
import type { Samples } from './samples.ts'

export type SeriesFeedOptions = {
  readonly rule: Rule
  readonly kind: SeriesKind
  readonly samples: Samples
  readonly past: PastQueries | undefined
  readonly lastChange: LastChange
  readonly clock: Clock
  readonly restored: readonly AlertInstance[]
  /** Samples came. */
  readonly onFresh: () => void
  /** The store answered: everything must be looked at again. */
  readonly onAnswer: () => void
}

/** Reads the label sets of a rule from its series: only those that moved when samples came, the others by the clock. */
export function createSeriesFeed(options: SeriesFeedOptions): Feed {
  const { rule, kind, samples, lastChange, clock, restored } = options
  const inputs = kind.inputs(rule.options)
  const sets = createLabelSets(rule, inputs)
  const answers = createAnswers(options)
  const standIn = identityOf(rule, kind.nothing?.(rule.options) ?? {})
  const watches = inputs.selectors.map((selector) => samples.watch(selector, inputs.keepMs, options.onFresh))
  let knownFromMs = clock.now()
  let presentCount = 0

  for (const instance of restored) if (instance.id !== standIn.id || inputs.groupBy?.length === 0) sets.addRestored(instance)

  function takeFresh(): Set<LabelSet> {
    const moved = new Set<LabelSet>()
    for (const [input, watch] of watches.entries()) for (const series of watch.takeFresh()) moved.add(sets.attach(series, input))
    return moved
  }

  function askPast(view: FeedView): Collected | undefined {
    if (!kind.needs) return undefined
    const known = [...sets.all()].map(({ tags, identity }) => ({ tags, activeSinceMs: view.before(identity.id)?.activeSinceMs ?? null }))
    return answers.renew({ nowMs: view.nowMs, sets: known, lastChange })
  }

  function look(set: LabelSet, view: FeedView): Due | undefined {
    const before = view.before(set.identity.id)
    const reading = kind.read(rule, viewOf(set, before, view.nowMs, { knownFromMs, answers, lastChange }))
    const isPresent = reading.verdict !== 'missing' && !(kind.nothing && reading.verdict === 'true')
    // What was not watched for a whole window cannot be said to be gone.
    if (!isPresent && knownFromMs > view.nowMs - inputs.keepMs) return undefined
    presentCount += Number(isPresent) - Number(set.isPresent)
    set.isPresent = isPresent
    set.evaluatedAtMs = view.nowMs
    return { identity: set.identity, before, reading }
  }

  /** A rule that wants to hear of series that never came has one label set that stands for them. */
  function standInDue(view: FeedView): readonly Due[] {
    if ((!kind.nothing && rule.onNoData !== 'alert') || sets.get(standIn.id)) return []
    const before = view.before(standIn.id)
    if (presentCount > 0) return before ? [{ identity: standIn, before, reading: { verdict: 'false', value: null } }] : []
    const isKnown = knownFromMs <= view.nowMs - inputs.keepMs
    const reading: Reading = kind.nothing ? { verdict: 'true', value: null } : missing
    return isKnown && (before !== undefined || sets.count() === 0) ? [{ identity: standIn, before, reading }] : []
  }

  return {
    collect(why: Why, view: FeedView): Collected {
      const moved = takeFresh()
      const obstacle = why === 'fresh' ? undefined : askPast(view)
      if (obstacle) return obstacle
      const twin = sets.duplicate(view.nowMs - inputs.keepMs, view.nowMs)
      if (twin) return { failure: { source: 'rule', error: duplicate(rule, twin) } }
      const isChosen = (set: LabelSet) => why === 'all' || moved.has(set) || isDue(rule, set, view)
      const chosen = why === 'fresh' ? [...moved] : [...sets.all()].filter(isChosen)
      const due = chosen.flatMap((set) => look(set, view) ?? [])
      return { due: why === 'fresh' && due.length === 0 ? due : [...due, ...standInDue(view)] }
    },
    seed(input, series, fromMs) {
      watches[input]?.seed(series)
      knownFromMs = fromMs
    },
    forget(id) {
      const set = sets.get(id)
      if (set && !set.isPresent) sets.remove(id)
    },
    isStandIn: (id) => id === standIn.id && !sets.get(id),
    close() {
      for (const watch of watches) watch.close()
    },
  }
}

type Knowledge = { readonly knownFromMs: number; readonly answers: ReturnType<typeof createAnswers>; readonly lastChange: LastChange }

function viewOf(set: LabelSet, before: AlertInstance | undefined, nowMs: number, known: Knowledge): SetView {
  return {
    tags: set.tags,
    nowMs,
    isFiring: (before?.firedAtMs ?? null) !== null,
    activeSinceMs: before?.activeSinceMs ?? null,
    isKnownSince: (fromMs) => known.knownFromMs <= fromMs,
    series: (input, fromMs, toMs) => samplesOf(set, input, fromMs, toMs),
    past: (name) => known.answers.of(name, set.tags),
    lastChange: known.lastChange,
  }
}

/** Time alone moves an alert on its way; a calm label set is looked at when no sample has come for a while. */
function isDue(rule: Rule, set: LabelSet, view: FeedView): boolean {
  if (view.nowMs - set.evaluatedAtMs >= rule.everyMs || !set.isPresent) return true
  const before = view.before(set.identity.id)
  return before !== undefined && before.state !== 'ok'
}

function duplicate(rule: Rule, { identity }: LabelSet): string {
  return `two series have the same labels ${JSON.stringify(identity.labels)} in rule ${rule.name}; its own labels hide a tag that tells them apart`
}
