import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '../../../lib/clock.ts'
import type { AlertInstance } from '../../../model/alert-records.ts'
import { identityOf } from '../definition/identity.ts'
import { missing } from '../definition/judge.ts'
import type { LastChange, Reading, Rule, SetView } from '../definition/rule.ts'
import type { SeriesKind } from '../definition/rule-kind.ts'
import { createLabelSets, type LabelSet, samplesOf } from '../samples/label-sets.ts'
import type { PastQueries } from '../samples/past.ts'
import type { Quiet, Samples } from '../samples/samples.ts'
import { createAnswers } from './answers.ts'
import type { Due } from './evaluate.ts'
import type { Collected, Feed, FeedView, Why } from './feed.ts'

export type SeriesFeedOptions = {
  readonly rule: Rule
  readonly kind: SeriesKind
  readonly samples: Samples
  readonly past: PastQueries | undefined
  readonly lastChange: LastChange
  readonly clock: Clock
  /** Samples came. */
  readonly onFresh: () => void
  /** The store answered: everything must be looked at again. */
  readonly onAnswer: () => void
}

/** Reads the label sets of a rule from its series: only those that moved when samples came, and by the clock those that time alone may change. */
export function createSeriesFeed(options: SeriesFeedOptions): Feed {
  const { rule, kind, samples, lastChange, clock } = options
  const inputs = kind.inputs(rule.options)
  const sets = createLabelSets(rule, inputs)
  const answers = createAnswers(options)
  const standIn = identityOf(rule, kind.nothing?.(rule.options) ?? {})
  const canStandIn = kind.nothing !== undefined || rule.onNoData === 'alert'
  const watches = inputs.selectors.map((selector) => samples.watch(selector, inputs.keepMs, options.onFresh))
  let knownFromMs = clock.now()
  /** Until then silence is no more than what nobody listened to. */
  let heardUntilMs = Number.NEGATIVE_INFINITY
  let presentCount = 0
  let round = 0
  /** No label set is due before this. */
  let soonestMs = Number.NEGATIVE_INFINITY
  const shown = createShown((fromMs) => knownFromMs <= fromMs, answers, lastChange)

  /** Those that got samples. */
  function takeFresh(): LabelSet[] {
    round++
    const moved: LabelSet[] = []
    for (let input = 0; input < watches.length; input++) {
      for (const series of watches[input]?.takeFresh() ?? []) {
        const set = sets.attach(series, input)
        if (set.round === round) continue
        set.round = round
        moved.push(set)
      }
    }
    return moved
  }

  function choose(why: Why, moved: LabelSet[], nowMs: number): LabelSet[] {
    if (why === 'all') return [...sets.all()]
    if (why === 'fresh' || nowMs < soonestMs) return moved
    soonestMs = Number.POSITIVE_INFINITY
    for (const set of sets.all()) {
      if (set.round === round) continue
      if (set.dueMs <= nowMs) moved.push(set)
      else soonestMs = Math.min(soonestMs, set.dueMs)
    }
    return moved
  }

  function askPast(view: FeedView): Collected | undefined {
    if (!kind.needs) return undefined
    const known = [...sets.all()].map(({ tags, identity }) => ({ tags, activeSinceMs: view.before(identity.id)?.activeSinceMs ?? null }))
    return answers.renew({ nowMs: view.nowMs, sets: known, lastChange })
  }

  /** Samples that cannot change what is said of a label set do not wake its rule. */
  function expect(set: LabelSet, quiet: Quiet | null): void {
    if (quiet === null && !set.isQuiet) return
    set.isQuiet = quiet !== null
    set.members.forEach((members, input) => {
      for (const series of members) watches[input]?.expect(series, quiet)
    })
  }

  function look(set: LabelSet, view: FeedView): Due | undefined {
    const before = view.before(set.identity.id)
    const reading = kind.read(rule, shown(set, before, view.nowMs))
    const isPresent = reading.verdict !== 'missing' && !(kind.nothing && reading.verdict === 'true')
    const isAtRest = isPresent && isCalm(before, reading)
    const quiet = isAtRest && reading.quiet ? untilNextSample(reading.quiet, set, view.nowMs) : null
    set.dueMs = quiet ? quiet.untilMs : isAtRest ? view.nowMs + rule.everyMs : view.nowMs
    expect(set, quiet)
    soonestMs = Math.min(soonestMs, set.dueMs)
    // What was not watched for a whole window cannot be said to be gone.
    if (!isPresent && (knownFromMs > view.nowMs - inputs.keepMs || view.nowMs < heardUntilMs)) return undefined
    presentCount += Number(isPresent) - Number(set.isPresent)
    set.isPresent = isPresent
    return { identity: set.identity, before, reading }
  }

  /** A rule that wants to hear of series that never came has one label set that stands for them. */
  function standInDue(view: FeedView): Due | undefined {
    if (!canStandIn || sets.get(standIn.id)) return undefined
    const before = view.before(standIn.id)
    if (presentCount > 0) return before && { identity: standIn, before, reading: { verdict: 'false', value: null } }
    const isKnown = knownFromMs <= view.nowMs - inputs.keepMs && view.nowMs >= heardUntilMs
    const reading: Reading = kind.nothing ? { verdict: 'true', value: null } : missing
    return isKnown && (before !== undefined || sets.count() === 0) ? { identity: standIn, before, reading } : undefined
  }

  return {
    collect(why: Why, view: FeedView): Collected {
      const moved = takeFresh()
      const text = watches.map((watch) => watch.unwantedText()).find((field) => field !== undefined)
      if (text !== undefined) return { failure: { source: 'rule', error: ofText(rule, text) } }
      const obstacle = why === 'fresh' ? undefined : askPast(view)
      if (obstacle) return obstacle
      const twin = sets.duplicate(view.nowMs - inputs.keepMs, view.nowMs)
      if (twin) return { failure: { source: 'rule', error: duplicate(rule, twin) } }
      const due: Due[] = []
      for (const set of choose(why, moved, view.nowMs)) {
        const one = sets.speaks(set) ? look(set, view) : undefined
        if (one) due.push(one)
      }
      const ofNothing = why === 'fresh' && due.length === 0 ? undefined : standInDue(view)
      if (ofNothing) due.push(ofNothing)
      return { due }
    },
    rests: (nowMs) =>
      !watches.some((watch) => watch.unwantedText() !== undefined) &&
      nowMs < soonestMs &&
      !kind.needs &&
      !sets.hasTwins() &&
      (presentCount > 0 || !canStandIn),
    restore(instances) {
      for (const instance of instances) if (instance.id !== standIn.id || inputs.groupBy?.length === 0) sets.addRestored(instance)
    },
    seed(input, series, fromMs) {
      watches[input]?.seed(series)
      knownFromMs = Math.min(knownFromMs, fromMs)
    },
    missed(awayMs) {
      heardUntilMs = clock.now() + Math.min(awayMs, inputs.keepMs)
    },
    inherit(other) {
      const known = other.known()
      if (known && isDeepStrictEqual(known.selectors, inputs.selectors)) knownFromMs = Math.min(knownFromMs, known.fromMs)
      return knownFromMs <= clock.now() - inputs.keepMs
    },
    known: () => ({ selectors: inputs.selectors, fromMs: Math.max(knownFromMs, clock.now() - inputs.keepMs) }),
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

type Shown = { -readonly [Key in keyof SetView]: SetView[Key] }

/** One view for all label sets of a rule, shown in turn: kinds read it at once and keep nothing of it. */
function createShown(isKnownSince: SetView['isKnownSince'], answers: ReturnType<typeof createAnswers>, lastChange: LastChange) {
  let current: LabelSet
  const view: Shown = {
    ...{ tags: {}, nowMs: 0, isFiring: false, activeSinceMs: null, severity: null, isKnownSince, lastChange },
    series: (input, fromMs, toMs) => samplesOf(current, input, fromMs, toMs),
    past: (name) => answers.of(name, current.tags),
  }
  return (set: LabelSet, before: AlertInstance | undefined, nowMs: number): SetView => {
    current = set
    view.tags = set.tags
    view.nowMs = nowMs
    view.isFiring = (before?.firedAtMs ?? null) !== null
    view.activeSinceMs = before?.activeSinceMs ?? null
    view.severity = view.activeSinceMs === null ? null : (before?.severity ?? null)
    return view
  }
}

/** Nothing is on its way: neither an alert nor word of missing samples. */
function isCalm(before: AlertInstance | undefined, { verdict }: Reading): boolean {
  return verdict !== 'true' && (before === undefined || before.state === 'ok')
}

/** A sample with a time to come counts from then on. */
function untilNextSample(quiet: Quiet, { members }: LabelSet, nowMs: number): Quiet {
  let untilMs = quiet.untilMs
  for (const series of members.flat()) {
    const { times, start, end } = series.between(nowMs, Number.POSITIVE_INFINITY)
    const next = times[start] === nowMs ? start + 1 : start
    if (next < end) untilMs = Math.min(untilMs, times[next] as number)
  }
  return untilMs === quiet.untilMs ? quiet : { ...quiet, untilMs }
}

function ofText(rule: Rule, field: string): string {
  return `the field ${field} that rule ${rule.name} looks at holds text; only rules of the kind changed can look at text`
}

function duplicate(rule: Rule, { identity }: LabelSet): string {
  return `two series have the same labels ${JSON.stringify(identity.labels)} in rule ${rule.name}; its own labels hide a tag that tells them apart`
}
