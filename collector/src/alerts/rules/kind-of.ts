import { invariant } from '../../lib/errors.ts'
import * as kinds from './kinds/index.ts'
import type { AnyRuleKind } from './rule-kind.ts'

export const ruleKinds = Object.values(kinds) as unknown as readonly AnyRuleKind[]

const byName = new Map(ruleKinds.map((kind) => [kind.kind, kind]))

export function kindOf(name: string): AnyRuleKind {
  const kind = byName.get(name)
  invariant(kind, `rules are parsed into kinds that exist, and ${name} does not`)
  return kind
}
