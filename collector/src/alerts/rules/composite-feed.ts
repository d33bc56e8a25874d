import type { AlertInstance, InstanceState } from '../../model/alert-records.ts'
import type { Tags } from '../../model/point.ts'
import type { Due } from './evaluate.ts'
import { type Expression, type Level, levelOf, worse } from './expression.ts'
import type { Collected, Feed, FeedView } from './feed.ts'
import { identityOf } from './identity.ts'
import { inconclusive } from './judge.ts'
import type { Reading, Rule } from './rule.ts'

/** A rule that a composite names: its instances, the ones that are fine among them. */
export type Member = {
  readonly rule: Rule
  instances(): Iterable<AlertInstance>
  /** Whether it could last not be said of a label set if the rule holds. */
  isUnsure(id: string): boolean
}

export type CompositeFeedOptions = {
  readonly rule: Rule
  readonly members: readonly string[]
  memberOf(name: string): Member | undefined
}

/** `most`: the level it would have if it held, for a label set of which nothing can be said. */
type Known = { readonly name: string; readonly tags: Tags; readonly level: Level; readonly most: Level }

/** Reads a rule from other rules: a level for each label set that the members know. */
export function createCompositeFeed({ rule, members, memberOf }: CompositeFeedOptions): Feed {
  const { expression, match } = rule.options as { expression: Expression; match: readonly string[] | null }

  return {
    collect(_why, view: FeedView): Collected {
      const known = members.flatMap((name) => knownOf(name, memberOf(name)))
      const due: Due[] = []
      const seen = new Set<string>()
      for (const tags of labelSetsOf(known, match)) {
        const identity = identityOf(rule, tags)
        if (seen.has(identity.id)) continue
        seen.add(identity.id)
        due.push({ identity, before: view.before(identity.id), reading: readingOf(expression, known, tags) })
      }
      // Label sets whose members are all gone have no data.
      for (const before of view.instances())
        if (!seen.has(before.id)) due.push({ identity: before, before, reading: { verdict: 'missing', value: null } })
      return { due }
    },
    // What its rules are sure of changes without a word.
    rests: () => false,
    restore: () => {},
    inherit: () => true,
    known: () => undefined,
    seed: () => {},
    forget: () => {},
    isStandIn: () => false,
    close: () => {},
  }
}

/** The tags of each instance, without what the rule itself adds. */
function knownOf(name: string, member: Member | undefined): readonly Known[] {
  if (!member) return []
  const own = new Set(['alertname', 'severity', ...Object.keys(member.rule.labels)])
  return [...member.instances()].map(({ id, labels, state, severity }) => {
    const level = levelOfState(state, severity)
    const tags = Object.fromEntries(Object.entries(labels).filter(([label]) => !own.has(label)))
    return { name, tags, level, most: level === 'ok' && member.isUnsure(id) ? severity : level }
  })
}

/** What holds is told, also when something is unsure; what does not is so only if the unsure could not change it. */
function readingOf(expression: Expression, known: readonly Known[], tags: Tags): Reading {
  const level = levelOf(expression, (name) => levelIn(known, name, tags, 'level'))
  if (level !== 'ok' || known.every(({ level: own, most }) => own === most)) return toReading(level)
  const most = levelOf(expression, (name) => levelIn(known, name, tags, 'most'))
  return most === 'ok' ? toReading(level) : inconclusive
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

/** The worst of a member's instances whose labels agree with these; a member that knows nothing of them has no data. */
function levelIn(known: readonly Known[], name: string, tags: Tags, which: 'level' | 'most'): Level {
  const own = known.filter(
    (one) => one.name === name && Object.entries(one.tags).every(([label, value]) => (tags[label] ?? value) === value),
  )
  const [first, ...others] = own
  return first ? others.reduce((worst, one) => worse(worst, one[which]), first[which]) : 'no_data'
}

function toReading(level: Level): Reading {
  if (level === 'no_data') return { verdict: 'missing', value: null }
  return level === 'ok' ? { verdict: 'false', value: null } : { verdict: 'true', value: null, severity: level }
}
