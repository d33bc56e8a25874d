import type { AlertInstance, InstanceState } from '../../../model/alert-records.ts'
import type { Tags } from '../../../model/point.ts'
import { type Expression, type Level, levelOf, rangeOf } from '../definition/expression.ts'
import { identityOf, tagsOf } from '../definition/identity.ts'
import { inconclusive, missing } from '../definition/judge.ts'
import type { Reading, Rule } from '../definition/rule.ts'
import type { Due } from './evaluate.ts'
import type { Collected, Feed, FeedView } from './feed.ts'
import { createMemberLevels, type Known, type MemberLevels } from './member-levels.ts'

/** A rule that a composite names: its instances, the ones that are fine among them. */
export type Member = {
  readonly rule: Rule
  instances(): Iterable<AlertInstance>
  /** Whether it could last not be said of a label set if the rule holds. */
  isUnsure(id: string): boolean
  /** Whether it is fine where it has no data: its policy says so, and it could be evaluated. */
  isFineWithoutData(): boolean
  /** Whether it does not hold of a label set only while rules that it looks at hold not long enough to fire. */
  isAwaiting(id: string): boolean
}

export type CompositeFeedOptions = {
  readonly rule: Rule
  readonly members: readonly string[]
  memberOf(name: string): Member | undefined
}

/** What is known of one member now. */
type Asked = { readonly levels: MemberLevels; readonly otherwise: Level }
type AskedByName = ReadonlyMap<string, Asked>

/** Reads a rule from other rules: a level for each label set that the members know. */
export function createCompositeFeed({ rule, members, memberOf }: CompositeFeedOptions): Feed {
  const { expression, match } = rule.options as { expression: Expression; match: readonly string[] | null }

  return {
    collect(_why, view: FeedView): Collected {
      const ofMembers = members.map((name) => {
        const member = memberOf(name)
        return { name, member, known: knownOf(member) }
      })
      const known = ofMembers.flatMap((one) => one.known)
      const isSure = known.every(({ level, most, soon }) => level === most && level === soon)
      const asked = new Map(
        ofMembers.map((one) => [
          one.name,
          { levels: createMemberLevels(one.known), otherwise: one.member?.isFineWithoutData() ? 'ok' : 'no_data' } as const,
        ]),
      )
      const due: Due[] = []
      const seen = new Set<string>()
      for (const tags of labelSetsOf(known, match)) {
        const identity = identityOf(rule, tags)
        if (seen.has(identity.id)) continue
        seen.add(identity.id)
        due.push({ identity, before: view.before(identity.id), reading: readingOf(expression, asked, tags, isSure) })
      }
      for (const before of view.instances()) {
        if (seen.has(before.id)) continue
        const { verdict } = readingOf(expression, asked, tagsOf(rule, before.labels), isSure)
        due.push({ identity: before, before, reading: verdict === 'false' ? goneAndFine : missing })
      }
      return { due }
    },
    // What its rules are sure of changes without a word.
    rests: () => false,
    restore: () => {},
    inherit: () => true,
    known: () => undefined,
    seed: () => {},
    missed: () => {},
    forget: () => {},
    isStandIn: () => false,
    close: () => {},
  }
}

/** Label sets whose members are all gone have no data, unless no data is fine in those. */
const goneAndFine: Reading = Object.freeze({ ...missing, isFine: true })

/** The tags of each instance, without what the rule itself adds. */
function knownOf(member: Member | undefined): readonly Known[] {
  if (!member) return []
  return [...member.instances()].map(({ id, labels, state, severity }) => {
    const level = levelOfState(state, severity)
    const tags = tagsOf(member.rule, labels)
    const worstIf = (isOpen: boolean): Level => (level === 'ok' && isOpen ? severity : level)
    const isPending = state === 'pending' || member.isAwaiting(id)
    return { tags, level, most: worstIf(member.isUnsure(id)), soon: worstIf(isPending) }
  })
}

/**
 * What holds is told, also when something is unsure; what does not is so only if the unsure could not change it. A member
 * that is pending does not fire, and takes nothing back; what it could change when it does is said beside the reading.
 */
function readingOf(expression: Expression, asked: AskedByName, tags: Tags, isSure: boolean): Reading {
  const level = levelOf(expression, (name) => levelIn(asked.get(name), tags, 'level'))
  if (level !== 'ok' || isSure) return toReading(level)
  if (mostOf(expression, asked, tags, 'most') !== 'ok') return inconclusive
  if (mostOf(expression, asked, tags, 'soon') === 'ok') return toReading(level)
  const pending = [...asked].filter(([, member]) => levelIn(member, tags, 'soon') !== levelIn(member, tags, 'level'))
  return { ...toReading(level), awaits: pending.map(([name]) => name) }
}

function mostOf(expression: Expression, asked: AskedByName, tags: Tags, open: 'most' | 'soon'): Level {
  return rangeOf(expression, (name) => ({ least: levelIn(asked.get(name), tags, 'level'), most: levelIn(asked.get(name), tags, open) }))
    .most
}

const statesOf: Readonly<Record<InstanceState, 'ok' | 'no_data' | 'alert'>> = {
  ok: 'ok',
  pending: 'ok',
  no_data: 'no_data',
  error: 'no_data',
  firing: 'alert',
  recovering: 'alert',
}

function levelOfState(state: InstanceState, severity: AlertInstance['severity']): Level {
  const level = statesOf[state]
  return level === 'alert' ? severity : level
}

/** The label sets of the member that tells most apart; the others are matched to them. */
function labelSetsOf(known: readonly Known[], match: readonly string[] | null): readonly Tags[] {
  if (match) return known.filter(({ tags }) => match.every((label) => label in tags)).map(({ tags }) => pick(tags, match))
  const most = Math.max(0, ...known.map(({ tags }) => Object.keys(tags).length))
  return known.filter(({ tags }) => Object.keys(tags).length === most).map(({ tags }) => tags)
}

function pick(tags: Tags, labels: readonly string[]): Tags {
  return Object.fromEntries(labels.map((label) => [label, tags[label] ?? '']))
}

/** The worst of a member's instances whose labels agree with these; of what a member knows nothing it has no data. */
function levelIn(member: Asked | undefined, tags: Tags, which: 'level' | 'most' | 'soon'): Level {
  return member ? (member.levels.of(tags)?.[which] ?? member.otherwise) : 'no_data'
}

function toReading(level: Level): Reading {
  if (level === 'no_data') return missing
  return level === 'ok' ? { verdict: 'false', value: null } : { verdict: 'true', value: null, severity: level }
}
