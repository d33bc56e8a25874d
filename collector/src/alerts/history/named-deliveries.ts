import type { DeliveryAttempt } from '../../model/alert-records.ts'
import type { NamedDelivery } from '../alerts.ts'

/** The log holds ids, which say nothing at three in the morning: each row with the rules of its alerts. */
export function withRules(rows: readonly DeliveryAttempt[], ruleOf: (alertId: string) => string | undefined): NamedDelivery[] {
  const known = new Map<string, string | undefined>()
  const nameOf = (id: string): string | undefined => {
    if (!known.has(id)) known.set(id, ruleOf(id))
    return known.get(id)
  }
  return rows.map((row) => ({ ...row, rules: [...new Set(row.alertIds.flatMap((id) => nameOf(id) ?? []))] }))
}
