import type { AlertInstance, InstanceState } from '../../model/alert-records.ts'
import type { Tags } from '../../model/point.ts'
import { advance, calm, judge, type Phase, type Verdict } from './advance.ts'
import { describe } from './describe.ts'
import { type Identity, identityOf } from './identity.ts'
import type { Instances } from './instances.ts'
import { type Measured, measure } from './measure.ts'
import type { Rule } from './rule.ts'
import type { SampleSeries } from './samples.ts'

/** A change of state worth telling. `instance` is how it is now; an ended one is `ok`, with its last times in `before`. */
export type Transition = {
  readonly from: InstanceState
  readonly to: InstanceState
  readonly before: AlertInstance
  readonly instance: AlertInstance
}

export type Evaluation =
  | { readonly ok: true; readonly instances: Instances; readonly transitions: readonly Transition[] }
  /** The rule could not be evaluated: the state before stays as it was, and nothing is sent. */
  | { readonly ok: false; readonly error: string }

export type At = {
  readonly nowMs: number
  /** Whether `series` holds all there was in the rule's window, and not only what came since the start. */
  readonly isWindowKnown: boolean
}

/**
 * Decides which alerts a rule holds at `nowMs`.
 *
 * Pure: the caller brings samples of the rule's window, previous state and time.
 */
export function evaluate(rule: Rule, series: readonly SampleSeries[], previous: Instances, at: At): Evaluation {
  return evaluateMeasured(rule, measure(rule, series), previous, at)
}

/** The same for values that are already known. */
export function evaluateMeasured(rule: Rule, measured: readonly Measured[], previous: Instances, at: At): Evaluation {
  const present = new Map<string, { identity: Identity; measured: Measured }>()
  for (const one of measured) {
    const identity = identityOf(rule, one.tags)
    if (present.has(identity.id)) return { ok: false, error: duplicate(rule, identity) }
    present.set(identity.id, { identity, measured: one })
  }
  const next = new Map<string, AlertInstance>()
  for (const { identity, measured: one } of present.values()) {
    const before = previous.get(identity.id)
    const verdict = judge(rule, one, (before?.firedAtMs ?? null) !== null, at.isWindowKnown)
    const instance = step(rule, identity, before, verdict, one.value, at.nowMs)
    if (instance) next.set(identity.id, instance)
  }
  for (const [id, instance] of absentOnes(rule, present, previous, at)) next.set(id, instance)
  const active = [...next.values()].filter(({ activeSinceMs }) => activeSinceMs !== null).length
  if (active > rule.limit)
    return { ok: false, error: `${active} alerts at once, more than the limit of ${rule.limit}; group the rule or raise its limit` }
  return { ok: true, instances: next, transitions: transitionsOf(previous, next) }
}

/** Label sets that are known but have no sample now; and, for `on_no_data: alert`, the rule that has none at all. */
function absentOnes(rule: Rule, present: ReadonlyMap<string, unknown>, previous: Instances, at: At): Map<string, AlertInstance> {
  const absent = new Map<string, AlertInstance>()
  const nothing = identityOf(rule, noTags)
  for (const [id, before] of previous) {
    if (present.has(id)) continue
    const isOver = id === nothing.id && present.size > 0
    const instance = at.isWindowKnown || isOver ? step(rule, before, before, isOver ? 'false' : 'missing', null, at.nowMs) : before
    if (instance && !(isOver && instance.state === 'ok')) absent.set(id, instance)
  }
  if (rule.onNoData === 'alert' && present.size === 0 && previous.size === 0 && at.isWindowKnown) {
    const instance = step(rule, nothing, undefined, 'missing', null, at.nowMs)
    if (instance) absent.set(nothing.id, instance)
  }
  return absent
}

const noTags: Tags = Object.freeze({})

function step(
  rule: Rule,
  identity: Identity,
  before: AlertInstance | undefined,
  verdict: Verdict,
  value: number | null,
  nowMs: number,
): AlertInstance | undefined {
  const phase = advance(rule, before ?? calm, verdict, nowMs)
  if (!phase) return undefined
  const { id, labels } = identity
  const isQuiet = phase.state === 'ok'
  if (isQuiet && before?.state === 'ok' && before.missingSinceMs === phase.missingSinceMs) return before
  return {
    id,
    labels,
    rule: rule.name,
    severity: rule.severity,
    ...timesOf(phase),
    value: value ?? before?.value ?? null,
    annotations: isQuiet ? noTags : describe(rule, labels, phase, value, before),
    cause: isQuiet ? null : (before?.cause ?? null),
  }
}

function timesOf({ state, activeSinceMs, firedAtMs, recoveringSinceMs, missingSinceMs }: Phase): Phase {
  return { state, activeSinceMs, firedAtMs, recoveringSinceMs, missingSinceMs }
}

function transitionsOf(previous: Instances, next: Instances): readonly Transition[] {
  const transitions: Transition[] = []
  for (const [id, instance] of next) {
    const before = previous.get(id)
    const from = before?.state ?? 'ok'
    if (from !== instance.state || (before && before.severity !== instance.severity && instance.state !== 'ok')) {
      transitions.push({ from, to: instance.state, before: before ?? instance, instance })
    }
  }
  for (const [id, before] of previous) {
    if (next.has(id) || before.state === 'ok') continue
    transitions.push({ from: before.state, to: 'ok', before, instance: { ...before, ...calm } })
  }
  return transitions
}

function duplicate(rule: Rule, { labels }: Identity): string {
  return `two series have the same labels ${JSON.stringify(labels)} in rule ${rule.name}; its own labels hide a tag that tells them apart`
}
