import type { AlertInstance, InstanceState } from '../../../model/alert-records.ts'
import type { Tags } from '../../../model/point.ts'
import type { Identity } from '../definition/identity.ts'
import { inconclusive } from '../definition/judge.ts'
import type { Reading, Rule } from '../definition/rule.ts'
import { advance, advanceOnError, calm, type Phase } from './advance.ts'
import { describe } from './describe.ts'

/** A change of state worth telling. `instance` is how it is now; an ended one is `ok`, with its last times in `before`. */
export type Transition = {
  readonly from: InstanceState
  readonly to: InstanceState
  readonly before: AlertInstance
  readonly instance: AlertInstance
}

/** One label set with what was read of it. */
export type Due = { readonly identity: Identity; readonly before: AlertInstance | undefined; readonly reading: Reading }

/** What became of one instance; undefined: it is forgotten. */
export type Changed = { readonly id: string; readonly instance: AlertInstance | undefined }

export type Evaluation =
  | { readonly ok: true; readonly changed: readonly Changed[]; readonly transitions: readonly Transition[] }
  /** The rule could not be evaluated: the state before stays as it was, and nothing is sent. */
  | { readonly ok: false; readonly error: string }

/** Of all label sets of a rule: how many alerts it has, and how many that never fired have no data. */
export type Counts = { readonly active: number; readonly silent: number }

/**
 * More without data that never fired are not kept, or hosts and pods that come and go would fill the list: Prometheus
 * drops what a query no longer finds, and Grafana resolves a series that is missing beside others.
 */
const silentMax = 20

/**
 * Decides which alerts a rule holds at `nowMs`, from what was read of the label sets that may have moved.
 *
 * Pure: the caller brings readings, previous state and time. The counts are those before.
 */
export function evaluate(rule: Rule, due: readonly Due[], { active, silent }: Counts, nowMs: number): Evaluation {
  const changed: Changed[] = []
  const transitions: Transition[] = []
  let activeNow = active
  let silentNow = silent
  for (const { identity, before, reading } of due) {
    const next = step(rule, identity, before, reading, nowMs)
    if (next === before) continue
    const instance = isSilent(next) && !isSilent(before) && silentNow >= silentMax ? undefined : next
    silentNow += Number(isSilent(instance)) - Number(isSilent(before))
    activeNow += Number(isActive(instance)) - Number(isActive(before))
    changed.push({ id: identity.id, instance })
    const transition = transitionOf(before, instance)
    if (transition) transitions.push(transition)
  }
  if (activeNow > rule.limit && activeNow > active)
    return { ok: false, error: `${activeNow} alerts at once, more than the limit of ${rule.limit}; group the rule or raise its limit` }
  return { ok: true, changed, transitions }
}

/** How often a rule has failed by now, and why. */
type Failing = { readonly failures: number; readonly error: string }

/** What `on_error` makes of the instances of a rule that could not be evaluated for the time it has failed that often. */
export function evaluateError(rule: Rule, instances: Iterable<AlertInstance>, { failures, error }: Failing, nowMs: number) {
  const changed: Changed[] = []
  const transitions: Transition[] = []
  for (const before of instances) {
    const phase = advanceOnError(rule, before, failures, nowMs)
    if (phase.state === before.state && phase.recoveringSinceMs === before.recoveringSinceMs) continue
    const instance = { ...before, ...timesOf(phase), annotations: annotationsOnError(rule, before, phase, error) }
    changed.push({ id: before.id, instance })
    const transition = transitionOf(before, instance)
    if (transition) transitions.push(transition)
  }
  return { changed, transitions }
}

function annotationsOnError(rule: Rule, before: AlertInstance, phase: Phase, error: string): Tags {
  if (phase.state === 'ok') return noTags
  return describe(rule, { ...before, phase, reading: inconclusive, before, error })
}

/** An alert of the rule that people see, and that counts against its limit. */
export function isActive(instance: AlertInstance | undefined): boolean {
  return instance !== undefined && instance.activeSinceMs !== null
}

/** A label set without data of which nobody was told anything. */
export function isSilent(instance: AlertInstance | undefined): boolean {
  return instance !== undefined && instance.state === 'no_data' && instance.firedAtMs === null
}

const noTags: Tags = Object.freeze({})

function step(
  rule: Rule,
  identity: Identity,
  before: AlertInstance | undefined,
  reading: Reading,
  nowMs: number,
): AlertInstance | undefined {
  const phase = advance(reading.isFine ? { ...rule, onNoData: 'ok' } : rule, before ?? calm, reading.verdict, nowMs)
  if (!phase) return undefined
  const isQuiet = phase.state === 'ok'
  if (isQuiet && before?.state === 'ok' && before.missingSinceMs === phase.missingSinceMs) return before
  const { id } = identity
  const severity = rule.severity ?? reading.severity ?? before?.severity ?? 'warning'
  const labels = rule.severity === null ? { ...identity.labels, severity } : identity.labels
  return {
    id,
    labels,
    rule: rule.name,
    severity,
    ...timesOf(phase),
    value: reading.value ?? (isSaid(reading) ? null : (before?.value ?? null)),
    annotations: isQuiet ? noTags : describe(rule, { labels, severity, phase, reading, before }),
    cause: isQuiet ? null : (before?.cause ?? null),
  }
}

/** What was read says all there is to say; otherwise what was known before still counts. */
const isSaid = ({ verdict }: Reading): boolean => verdict === 'true' || verdict === 'false'

function timesOf({ state, activeSinceMs, firedAtMs, recoveringSinceMs, missingSinceMs }: Phase): Phase {
  return { state, activeSinceMs, firedAtMs, recoveringSinceMs, missingSinceMs }
}

function transitionOf(before: AlertInstance | undefined, instance: AlertInstance | undefined): Transition | undefined {
  const from = before?.state ?? 'ok'
  if (instance) {
    const isWorse = before !== undefined && before.severity !== instance.severity && instance.state !== 'ok'
    return from !== instance.state || isWorse ? { from, to: instance.state, before: before ?? instance, instance } : undefined
  }
  return before && before.state !== 'ok' ? { from, to: 'ok', before, instance: { ...before, ...calm } } : undefined
}
