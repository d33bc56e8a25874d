import type { Clock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import type { AlertInstance } from '../../model/alert-records.ts'
import { evaluateMeasured, type Transition } from './evaluate.ts'
import { byId, type Instances, withChanged, without } from './instances.ts'
import type { Rule } from './rule.ts'
import { createRunner, type Runner } from './runner.ts'
import type { Samples } from './samples.ts'
import { selfRule } from './self-rule.ts'

export type RosterOptions = {
  readonly rules: readonly Rule[]
  readonly samples: Samples
  readonly clock: Clock
  readonly log: Log
  /** Makes transitions known, and gives back the instances that it completed. */
  readonly publish: (transitions: readonly Transition[]) => readonly AlertInstance[]
}

/** The rules at work, with the alert about those of them that fail; every instance is found here. */
export function createRoster({ rules, samples, clock, log, publish }: RosterOptions) {
  const runners = new Map<string, Runner>()
  const failing = new Map<string, string>()
  let ownInstances: Instances = new Map()

  /** Keeps the alert about failing rules in step with them. */
  function onOutcome(rule: Rule, error: string | null): void {
    const before = failing.get(rule.name) ?? null
    if (before === error) return
    if (error === null) failing.delete(rule.name)
    else failing.set(rule.name, error)
    if (error !== null) log.error({ rule: rule.name, error }, 'rule cannot be evaluated; its alerts stay as they were')
    const measured = [{ tags: { source: 'memory' }, value: failing.size, samples: 1 }]
    const evaluation = evaluateMeasured(selfRule(failing), measured, ownInstances, { nowMs: clock.now(), isWindowKnown: true })
    if (!evaluation.ok) return
    ownInstances = evaluation.instances
    ownInstances = withChanged(ownInstances, publish(evaluation.transitions))
  }

  function everything(): readonly Instances[] {
    return [ownInstances, ...[...runners.values()].map((runner) => runner.instances())]
  }

  return {
    runners: (): readonly Runner[] => [...runners.values()],
    /** Creates the runners, each with the instances that its rule had before. */
    fill(restored: readonly AlertInstance[]): void {
      for (const rule of rules) {
        const own = restored.filter((instance) => instance.rule === rule.name)
        runners.set(rule.name, createRunner({ rule, samples, clock, restored: own, publish, onOutcome }))
      }
      ownInstances = byId(restored.filter(({ rule }) => rule === selfRule(failing).name))
    },
    find(id: string): AlertInstance | undefined {
      for (const instances of everything()) {
        const found = instances.get(id)
        if (found) return found
      }
      return undefined
    },
    active: (): readonly AlertInstance[] =>
      everything().flatMap((instances) => [...instances.values()].filter(({ state }) => state !== 'ok')),
    /** Forgets an instance; it comes back when the condition holds at a later evaluation. */
    forget({ id, rule }: AlertInstance): void {
      runners.get(rule)?.drop(id)
      ownInstances = without(ownInstances, id)
    },
  }
}
