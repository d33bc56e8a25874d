import { invariant } from '../../../lib/errors.ts'
import * as kinds from '../kinds/index.ts'
import type { Rule } from './rule.ts'
import type { AnyRuleKind, SeriesKind } from './rule-kind.ts'

export const ruleKinds = Object.values(kinds) as unknown as readonly AnyRuleKind[]

const byName = new Map(ruleKinds.map((kind) => [kind.kind, kind]))

export function kindOf(name: string): AnyRuleKind {
  const kind = byName.get(name)
  invariant(kind, `rules are parsed into kinds that exist, and ${name} does not`)
  return kind
}

/** The kind of a rule that looks at series; undefined for one that looks at other rules. */
export function seriesKindOf({ kind }: Pick<Rule, 'kind'>): SeriesKind | undefined {
  const found = kindOf(kind)
  return 'inputs' in found ? found : undefined
}

/** The names of the rules that a rule looks at. */
export function membersOf({ kind, options }: Pick<Rule, 'kind' | 'options'>): readonly string[] {
  const found = kindOf(kind)
  return 'members' in found ? found.members(options) : []
}
