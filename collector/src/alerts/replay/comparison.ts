import { isDeepStrictEqual } from 'node:util'
import type { ReplayedAlert, ReplayReport } from '../../contract/replay.ts'
import { subjectLabels } from '../rules/definition/identity.ts'
import type { Rule } from '../rules/definition/rule.ts'

/** A figure under the rules in force and under those that somebody wants. */
export type BeforeAfter = { readonly before: number; readonly after: number }

/** An episode that receivers were told of. */
export type Told = { readonly alert: ReplayedAlert; readonly toldAt: string; readonly receivers: readonly string[] }

/** Of an episode that only one side tells of: the one of the other side that fires and is not told, if there is one. */
export type OneSided = Told & { readonly untold: ReplayedAlert | null }

/** What is about the same under both. */
type Pair = { readonly before: Told; readonly after: Told }

export type ReplayComparison = {
  readonly from: string
  readonly to: string
  readonly samples: number
  readonly messages: BeforeAfter
  readonly alerts: BeforeAfter
  readonly receivers: readonly ({ readonly receiver: string } & BeforeAfter)[]
  readonly rules: readonly { readonly rule: string; readonly messages: BeforeAfter; readonly alerts: BeforeAfter }[]
  /** Told of before, and no more. */
  readonly missed: readonly OneSided[]
  /** Told of now, and not before. */
  readonly added: readonly OneSided[]
  /** Told of by both, first at another time. */
  readonly moved: readonly (Pair & { readonly laterMs: number })[]
  /** Told of by both, to others. */
  readonly rerouted: readonly Pair[]
  readonly caveats: Pick<ReplayReport, 'coarse' | 'shortHistory' | 'failures'>
}

/** What other rules and routes change in what is sent: figures, and the episodes of which somebody hears no more, or anew, or later. */
export function compareReplays(before: ReplayReport, after: ReplayReport): ReplayComparison {
  const [told, toldAfter] = [toldOf(before), toldOf(after)]
  const endMs = Date.parse(before.to)
  const pairs = pairsOf(told, finder(toldAfter, endMs))
  const [heard, heardAfter] = [new Set(pairs.map((pair) => pair.before)), new Set(pairs.map((pair) => pair.after))]
  const findBefore = sameRuleFinder(told, endMs)
  const { from, to, samples } = before
  return {
    ...{ from, to, samples: Math.max(samples, after.samples) },
    messages: { before: before.messages.length, after: after.messages.length },
    alerts: { before: before.alerts.length, after: after.alerts.length },
    receivers: inBoth(before, after, ({ receivers }) => receivers.map((one) => [one.receiver, one.firing + one.resolved] as const)).map(
      ([receiver, counts]) => ({ receiver, ...counts }),
    ),
    rules: rulesOf(before, after),
    missed: withUntold(
      told.filter((one) => !heard.has(one)),
      sameRuleFinder(untoldOf(after), endMs),
    ),
    // Another rule about the same thing is one message more, unless it stands in the place of one that is missed.
    added: withUntold(
      toldAfter.filter((one) => !heardAfter.has(one) && !findBefore(one.alert)),
      sameRuleFinder(untoldOf(before), endMs),
    ),
    moved: firstOfEach(pairs)
      .map((pair) => ({ ...pair, laterMs: laterBy(pair) }))
      .filter(({ laterMs }) => laterMs !== 0),
    rerouted: pairs.filter(isRerouted),
    caveats: { coarse: after.coarse, shortHistory: after.shortHistory, failures: after.failures },
  }
}

/** The rules by what becomes of them. */
export type RuleChanges = { readonly gone: readonly string[]; readonly added: readonly string[]; readonly changed: readonly string[] }

export function changesOf(before: readonly Rule[], after: readonly Rule[]): RuleChanges {
  const [left, right] = [new Map(before.map((rule) => [rule.name, rule])), new Map(after.map((rule) => [rule.name, rule]))]
  return {
    gone: [...left.keys()].filter((name) => !right.has(name)),
    added: [...right.keys()].filter((name) => !left.has(name)),
    changed: after.filter((rule) => left.has(rule.name) && !isDeepStrictEqual(rule, left.get(rule.name))).map(({ name }) => name),
  }
}

function rulesOf(before: ReplayReport, after: ReplayReport): ReplayComparison['rules'] {
  const messages = inBoth(before, after, ({ rules }) => rules.map((one) => [one.rule, one.messages] as const))
  const alerts = new Map(inBoth(before, after, ({ rules }) => rules.map((one) => [one.rule, one.alerts] as const)))
  return messages.map(([rule, counts]) => ({ rule, messages: counts, alerts: alerts.get(rule) ?? { before: 0, after: 0 } }))
}

/** A figure by name, of both sides, in the order of names. */
function inBoth(
  before: ReplayReport,
  after: ReplayReport,
  read: (report: ReplayReport) => (readonly [string, number])[],
): [string, BeforeAfter][] {
  const [left, right] = [new Map(read(before)), new Map(read(after))]
  const names = [...new Set([...left.keys(), ...right.keys()])].sort()
  return names.map((name) => [name, { before: left.get(name) ?? 0, after: right.get(name) ?? 0 }])
}

const keyOf = ({ id, startsAt }: Pick<ReplayedAlert, 'id' | 'startsAt'>): string => `${id} ${startsAt}`

/** The episodes that a message told of, with the first that did and all who were told. */
function toldOf({ alerts, messages }: ReplayReport): readonly Told[] {
  const first = new Map<string, string>()
  const receivers = new Map<string, Set<string>>()
  for (const message of messages) {
    for (const key of message.alerts.map(keyOf)) {
      if (!first.has(key)) first.set(key, message.at)
      receivers.set(key, (receivers.get(key) ?? new Set()).add(message.receiver))
    }
  }
  return alerts.flatMap((alert) => {
    const key = keyOf(alert)
    const toldAt = first.get(key)
    return toldAt === undefined ? [] : [{ alert, toldAt, receivers: [...(receivers.get(key) ?? [])].sort() }]
  })
}

function untoldOf({ alerts }: ReplayReport): readonly { readonly alert: ReplayedAlert }[] {
  return alerts.filter(({ messages }) => messages === 0).map((alert) => ({ alert }))
}

type Find<One> = (wanted: ReplayedAlert) => One | undefined

/** Finds the same alert, or else one of the same rule in which no label is another. */
function sameRuleFinder<One extends { readonly alert: ReplayedAlert }>(all: readonly One[], endMs: number): Find<One> {
  const byId = Map.groupBy(all, ({ alert }) => alert.id)
  const byRule = Map.groupBy(all, ({ alert }) => alert.rule)
  return (wanted) => {
    const isThen = ({ alert }: One): boolean => overlaps(alert, wanted, endMs)
    return (
      byId.get(wanted.id)?.find(isThen) ?? byRule.get(wanted.rule)?.find((one) => isThen(one) && agree(one.alert.labels, wanted.labels))
    )
  }
}

/** Finds also an alert of another rule that is about the very same thing. */
function finder(all: readonly Told[], endMs: number): Find<Told> {
  const findSame = sameRuleFinder(all, endMs)
  const bySubject = Map.groupBy(all, ({ alert }) => subjectKey(alert))
  return (wanted) => findSame(wanted) ?? bySubject.get(subjectKey(wanted))?.find(({ alert }) => overlaps(alert, wanted, endMs))
}

const subjectOf = (labels: ReplayedAlert['labels']): [string, string][] => subjectLabels(labels).sort(([a], [b]) => (a < b ? -1 : 1))

/** Alerts of different rules are about the same thing when all their labels are equal; without labels nothing is known of it. */
function subjectKey({ labels, rule }: ReplayedAlert): string {
  const own = subjectOf(labels)
  return own.length === 0 ? JSON.stringify([rule]) : JSON.stringify(own)
}

/** One rule may be grouped in another way: then the labels that both have must be equal. */
function agree(one: ReplayedAlert['labels'], other: ReplayedAlert['labels']): boolean {
  return subjectOf(one).every(([name, value]) => other[name] === undefined || other[name] === value)
}

function overlaps(one: ReplayedAlert, other: ReplayedAlert, endMs: number): boolean {
  const end = ({ endsAt }: ReplayedAlert): number => (endsAt === null ? endMs : Date.parse(endsAt))
  return Date.parse(one.startsAt) <= end(other) && end(one) >= Date.parse(other.startsAt)
}

function withUntold(all: readonly Told[], find: Find<{ readonly alert: ReplayedAlert }>): readonly OneSided[] {
  return all.map((told) => ({ ...told, untold: find(told.alert)?.alert ?? null }))
}

function pairsOf(told: readonly Told[], find: Find<Told>): readonly Pair[] {
  return told.flatMap((before) => {
    const after = find(before.alert)
    return after ? [{ before, after }] : []
  })
}

/** Where several episodes are one now, that one is told when the first of them was: of the others nobody hears sooner. */
function firstOfEach(pairs: readonly Pair[]): readonly Pair[] {
  return [...Map.groupBy(pairs, ({ after }) => after).values()].flatMap(([first]) => first ?? [])
}

const laterBy = ({ before, after }: Pair): number => Date.parse(after.toldAt) - Date.parse(before.toldAt)
const isRerouted = ({ before, after }: Pair): boolean => before.receivers.join() !== after.receivers.join()
