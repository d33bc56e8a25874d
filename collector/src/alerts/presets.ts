import type { TagFilter } from '../model/query.ts'
import { type Rule, ruleSchema } from './rule.ts'

/** The state `down` as the health points write it; see `componentStates`. */
const downState = 2

/**
 * Rules that hold without anyone writing them. Configuration switches one off by its name.
 *
 * A component fires when it is down and is over when it is up or degraded again: neither
 * maintenance nor a checker that lost sight of it says that it works.
 */
export function presetRules({ criticalComponents }: { readonly criticalComponents: readonly string[] }): readonly Rule[] {
  const others: TagFilter[] = criticalComponents.map((value) => ({ tag: 'component', op: '!=', value }))
  const ordinary = componentDown('ComponentDown', 'high', others)
  if (criticalComponents.length === 0) return [ordinary]
  return [componentDown('CriticalComponentDown', 'critical', [{ tag: 'component', op: 'in', value: [...criticalComponents] }]), ordinary]
}

function componentDown(name: string, severity: string, where: TagFilter[]): Rule {
  return ruleSchema.parse({
    name,
    source: { measurement: 'health', field: 'state', where, group_by: ['component', 'environment'] },
    aggregate: 'last',
    window: '1h',
    condition: { equals: downState, until: downState - 1 },
    severity,
    annotations: { summary: '{{labels.component}} is down in {{labels.environment}}' },
  })
}
