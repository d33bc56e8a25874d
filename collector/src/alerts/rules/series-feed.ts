import type { Clock } from '../../lib/clock.ts'
import type { AlertInstance } from '../../model/alert-records.ts'
import type { Due } from './evaluate.ts'
import type { Collected, Feed, FeedView, Why } from './feed.ts'
import { identityOf } from './identity.ts'
import { missing } from './judge.ts'
import { kindOf } from './kind-of.ts'
import { createLabelSets, type LabelSet, samplesOf } from './label-sets.ts'
import type { PastAnswer, PastQueries } from './past.ts'
import type { LastChange, PastNeed, Reading, Rule, SetView } from './rule.ts'
import type { Samples } from './samples.ts'

export type SeriesFeedOptions = {
  readonly rule: Rule
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
  const { rule, samples, past, lastChange, clock, restored } = options
  const kind = kindOf(rule.kind)
  const inputs = kind.inputs(rule.options)
  const sets = createLabelSets(rule, inputs)
  const standIn = identityOf(rule, kind.nothing?.(rule.options) ?? {})
  const wantsStandIn = kind.nothing !== undefined || rule.onNoData === 'alert'
  const watches = inputs.selectors.map((selector) => samples.watch(selector, inputs.keepMs, options.onFresh))
  let knownFromMs = clock.now()
  let answers: ReadonlyMap<string, PastAnswer> = new Map()
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
    const needs = kind.needs(rule, { nowMs: view.nowMs, sets: known, lastChange })
    answers = new Map(needs.map((need) => [need.key, answerTo(need)]))
    const all = [...answers.values()]
    const failed = all.find((answer) => answer.state === 'failed')
    if (failed?.state === 'failed') return { failure: { source: 'store', error: failed.error } }
    return all.some(({ state }) => state === 'loading') ? { waiting: true } : undefined
  }

  function answerTo(need: PastNeed): PastAnswer {
    if (!past) return { state: 'failed', error: 'there is no store to ask' }
    return past.get(need, inputs.groupBy, options.onAnswer)
  }

  function read(set: LabelSet, view: FeedView): Reading {
    const before = view.before(set.identity.id)
    const own: SetView = {
      tags: set.tags,
      nowMs: view.nowMs,
      isFiring: (before?.firedAtMs ?? null) !== null,
      activeSinceMs: before?.activeSinceMs ?? null,
      isKnownSince: (fromMs) => knownFromMs <= fromMs,
      series: (input, fromMs, toMs) => samplesOf(set, input, fromMs, toMs),
      past(key) {
        const answer = answers.get(key)
        return answer?.state === 'ready' ? answer.of(set.tags) : undefined
      },
      lastChange,
    }
    return kind.read(rule, own)
  }

  /** A rule that wants to hear of series that never came has one label set that stands for them. */
  function standInDue(view: FeedView): readonly Due[] {
    const before = view.before(standIn.id)
    if (!wantsStandIn || sets.get(standIn.id)) return []
    const reading = kind.nothing ? ({ verdict: 'true', value: null } as const) : missing
    if (presentCount > 0) return before ? [{ identity: standIn, before, reading: { verdict: 'false', value: null } }] : []
    const isKnown = knownFromMs <= view.nowMs - inputs.keepMs
    return isKnown && (before !== undefined || sets.count() === 0) ? [{ identity: standIn, before, reading }] : []
  }

  return {
    collect(why: Why, view: FeedView): Collected {
      const moved = takeFresh()
      if (why !== 'fresh') {
        const obstacle = askPast(view)
        if (obstacle) return obstacle
      }
      const fromMs = view.nowMs - inputs.keepMs
      const twin = sets.duplicate(fromMs, view.nowMs)
      if (twin) return { failure: { source: 'rule', error: duplicate(rule, twin) } }
      const due: Due[] = []
      const look = (set: LabelSet) => {
        const reading = read(set, view)
        const isPresent = reading.verdict !== 'missing' && !(kind.nothing && reading.verdict === 'true')
        // What was not watched for a whole window cannot be said to be gone.
        if (!isPresent && knownFromMs > fromMs) return
        presentCount += Number(isPresent) - Number(set.isPresent)
        set.isPresent = isPresent
        set.evaluatedAtMs = view.nowMs
        due.push({ identity: set.identity, before: view.before(set.identity.id), reading })
      }
      const chosen = why === 'fresh' ? moved : [...sets.all()].filter((set) => why === 'all' || moved.has(set) || isDue(rule, set, view))
      for (const set of chosen) look(set)
      return { due: why === 'fresh' && due.length === 0 ? due : [...due, ...standInDue(view)] }
    },
    seed(input, series, fromMs) {
      watches[input]?.seed(series)
      knownFromMs = fromMs
    },
    forget(id) {
      const set = sets.get(id)
      if (!set || set.isPresent) return
      sets.remove(id)
    },
    isStandIn: (id) => id === standIn.id && !sets.get(id),
    close() {
      for (const watch of watches) watch.close()
    },
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
