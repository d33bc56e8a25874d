import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '../../../lib/clock.ts'
import type { Log } from '../../../lib/log.ts'
import type { AlertInstance } from '../../../model/alert-records.ts'
import { canHold } from '../definition/can-hold.ts'
import { identityOf } from '../definition/identity.ts'
import { membersOf, seriesKindOf } from '../definition/kind-of.ts'
import type { LastChange, Rule } from '../definition/rule.ts'
import type { PastQueries } from '../samples/past.ts'
import type { Samples } from '../samples/samples.ts'
import { createCompositeFeed } from './composite-feed.ts'
import { evaluate, type Transition } from './evaluate.ts'
import type { Feed } from './feed.ts'
import { createRunner, type Runner } from './runner.ts'
import { type Failure, selfRule } from './self-rule.ts'
import { createSeriesFeed } from './series-feed.ts'
import { createTicks } from './ticks.ts'
import { createTurns } from './turns.ts'

export type RosterOptions = {
  readonly samples: Samples
  /** Left out: rules that need more than memory cannot be evaluated. */
  readonly past?: PastQueries
  readonly lastChange: LastChange
  readonly clock: Clock
  readonly log: Log
  /** Makes transitions known, and gives back the instances that it completed. */
  readonly publish: (transitions: readonly Transition[]) => readonly AlertInstance[]
  /** Takes what is published meanwhile as one; left out: each by itself. */
  readonly together?: (work: () => void) => void
}

export type PreparedRules = {
  /** Not yet at work, and without alerts. */
  readonly fresh: readonly Runner[]
  /** All at once: the rules that changed give their alerts to what they are now. Gives back those that no rule can have. */
  enact(): readonly AlertInstance[]
  /** Leaves everything as it is. */
  drop(): void
}

/** The rules at work, with the alerts about those of them that fail; every instance is found here. */
export function createRoster({ samples, past, lastChange, clock, log, publish, together = (work) => work() }: RosterOptions) {
  const runners = new Map<string, Runner>()
  const turns = createTurns(clock, together)
  const ticks = createTicks(clock)
  const failing = new Map<string, Failure>()
  /** Rules of which an earlier process may have told that they fail, and of which nothing is known since. */
  const awaited = new Set<string>()
  /** Who holds an alert, so that it is found without asking every rule. */
  const holders = new Map<string, string>()
  const own = new Map<string, AlertInstance>()
  /** Rules that look at a rule, by its name. */
  const followers = new Map<string, Set<string>>()

  /** Keeps the alerts about failing rules in step with them. */
  function onOutcome(rule: Rule, failure: Failure | null): void {
    const isLastAwaited = awaited.delete(rule.name) && awaited.size === 0
    const before = failing.get(rule.name)
    if (before?.error === failure?.error && !isLastAwaited) return
    if (failure === null) failing.delete(rule.name)
    else failing.set(rule.name, failure)
    if (failure) log.error({ rule: rule.name, error: failure.error }, 'rule cannot be evaluated; its alerts stay as they were')
    const moved = isLastAwaited ? (['rule', 'store'] as const) : [before?.source, failure?.source]
    for (const source of new Set(moved)) if (source) tellOfFailures(source)
  }

  function tellOfFailures(source: Failure['source']): void {
    const { rule, reading } = selfRule(source, failing)
    const identity = identityOf(rule, { source })
    const evaluation = evaluate(rule, [{ identity, before: own.get(identity.id), reading }], { active: own.size, silent: 0 }, clock.now())
    if (!evaluation.ok) return
    for (const { id, instance } of evaluation.changed) {
      if (instance && instance.state !== 'ok') own.set(id, instance)
      else own.delete(id)
    }
    for (const instance of publish(evaluation.transitions)) own.set(instance.id, instance)
  }

  function feedOf(rule: Rule, listeners: { onFresh: () => void; onAnswer: () => void }): Feed {
    const kind = seriesKindOf(rule)
    if (kind) return createSeriesFeed({ rule, kind, samples, past, lastChange, clock, ...listeners })
    const memberOf = (name: string) => {
      const runner = runners.get(name)
      return (
        runner && {
          rule: runner.rule,
          instances: () => runner.instances().values(),
          isUnsure: runner.isUnsure,
          isFineWithoutData: () => isFineWithoutData(runner),
          isAwaiting: runner.isAwaiting,
        }
      )
    }
    return createCompositeFeed({ rule, members: membersOf(rule), memberOf })
  }

  /** Rules that look at this one are evaluated anew. */
  function wakeFollowers(name: string): void {
    for (const follower of followers.get(name) ?? []) runners.get(follower)?.wake()
  }

  function toRunner(rule: Rule): Runner {
    return createRunner({
      rule,
      clock,
      turns,
      ticks,
      createFeed: (listeners) => feedOf(rule, listeners),
      publish(transitions) {
        for (const { instance } of transitions) {
          if (instance.state === 'ok') holders.delete(instance.id)
          else holders.set(instance.id, rule.name)
        }
        if (transitions.length > 0) wakeFollowers(rule.name)
        return publish(transitions)
      },
      onOutcome,
    })
  }

  function add(runner: Runner, restored: readonly AlertInstance[]): void {
    const { rule } = runner
    for (const { id } of restored) holders.set(id, rule.name)
    for (const name of membersOf(rule)) followers.set(name, (followers.get(name) ?? new Set()).add(rule.name))
    runner.takeOver(restored)
    runners.set(rule.name, runner)
  }

  /** Takes a rule out; gives back its alerts. */
  function remove(runner: Runner): readonly AlertInstance[] {
    runners.delete(runner.rule.name)
    const left = runner.handOver()
    for (const { id } of left) holders.delete(id)
    return left
  }

  function forgetRule({ rule }: Runner): void {
    onOutcome(rule, null)
    for (const names of followers.values()) names.delete(rule.name)
  }

  /** The new rules in the places of those before; gives back the alerts that none of them can have. */
  function exchange(rules: readonly Rule[], fresh: ReadonlyMap<string, Runner>): readonly AlertInstance[] {
    const before = new Map(runners)
    const lost: AlertInstance[] = []
    for (const { name } of rules) {
      const [old, next] = [before.get(name), fresh.get(name)]
      before.delete(name)
      if (old && !next) {
        // Taken out and put back, so that the order is that of the rules.
        runners.delete(name)
        runners.set(name, old)
      }
      if (!next) continue
      const left = old ? remove(old) : []
      add(
        next,
        left.filter((instance) => canHold(next.rule, instance)),
      )
      lost.push(...left.filter((instance) => !canHold(next.rule, instance)))
    }
    for (const runner of before.values()) {
      lost.push(...remove(runner))
      forgetRule(runner)
    }
    for (const runner of fresh.values()) runner.start()
    return lost.filter(({ state }) => state !== 'ok')
  }

  return {
    runners: (): readonly Runner[] => [...runners.values()],
    runner: (name: string): Runner | undefined => runners.get(name),
    rule: (name: string): Rule | undefined => runners.get(name)?.rule,
    /** Creates the runners, each with the instances that its rule had before and still can have. */
    fill(rules: readonly Rule[], restored: readonly AlertInstance[]): void {
      for (const rule of rules)
        add(
          toRunner(rule),
          restored.filter((instance) => instance.rule === rule.name && canHold(rule, instance)),
        )
      const { name } = selfRule('rule', failing).rule
      // Without rules nothing fails, and nobody would ever say so.
      for (const instance of restored) if (instance.rule === name && rules.length > 0) own.set(instance.id, instance)
      if (own.size > 0) for (const rule of rules) awaited.add(rule.name)
    },
    /**
     * Gets other rules ready while those before go on. A rule that is the same keeps its runner; the
     * runners of the others watch samples from now on, and are at work once they are enacted.
     */
    prepare(rules: readonly Rule[]): PreparedRules {
      const changed = rules.filter((rule) => !isDeepStrictEqual(rule, runners.get(rule.name)?.rule))
      const fresh = new Map<string, Runner>()
      const drop = () => {
        for (const runner of fresh.values()) runner.stop()
      }
      try {
        for (const rule of changed) {
          const runner = toRunner(rule)
          fresh.set(rule.name, runner)
          const before = runners.get(rule.name)
          if (before) runner.inherit(before)
        }
      } catch (thrown) {
        drop()
        throw thrown
      }
      return { fresh: [...fresh.values()], enact: () => exchange(rules, fresh), drop }
    },
    find(id: string): AlertInstance | undefined {
      return (
        own.get(id) ??
        runners
          .get(holders.get(id) ?? '')
          ?.instances()
          .get(id)
      )
    },
    active: (): readonly AlertInstance[] => [
      ...own.values(),
      ...[...runners.values()].flatMap((runner) => [...runner.instances().values()].filter(({ state }) => state !== 'ok')),
    ],
    amend: (instance: AlertInstance): void => runners.get(instance.rule)?.amend(instance),
    /** Forgets an instance; it comes back when the condition holds at a later evaluation. */
    forget({ id, rule }: AlertInstance): void {
      runners.get(rule)?.drop(id)
      holders.delete(id)
      own.delete(id)
    },
  }
}

export type Roster = ReturnType<typeof createRoster>

/** Where it has no data it is fine, as its status says, too; not while nobody knows. */
function isFineWithoutData({ rule, status }: Runner): boolean {
  const { lastError, lastEvaluationMs } = status()
  return rule.onNoData === 'ok' && lastError === null && lastEvaluationMs !== null
}
