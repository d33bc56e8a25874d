import type { SeriesField } from '../model/point.ts'
import type { Kept } from './kept-series.ts'

/**
 * What to do with a value, by the id of its field, so that a value costs one look-up.
 *
 * Not decided yet, nothing, or `firstPlan` plus a place in `kept`.
 */
export type Plans = { byField: Int32Array; kept: Kept[]; version: number }

const undecided = 0
const nothing = 1
const firstPlan = 2

export const createPlans = (): Plans => ({ byField: new Int32Array(256), kept: [], version: 0 })

export const planOf = ({ byField }: Plans, id: number) => (id < byField.length ? (byField[id] as number) : undecided)

/** What keeps the samples of a field with this plan; undefined for a plan to do nothing. */
export const keptOf = ({ kept }: Plans, plan: number) => (plan >= firstPlan ? kept[plan - firstPlan] : undefined)

export function setPlan(plans: Plans, { id }: SeriesField, kept: Kept | undefined): number {
  if (id >= plans.byField.length) {
    const longer = new Int32Array(Math.max(id + 1, plans.byField.length * 2))
    longer.set(plans.byField)
    plans.byField = longer
  }
  const plan = kept === undefined ? nothing : firstPlan + plans.kept.push(kept) - 1
  plans.byField[id] = plan
  return plan
}

/** Forgets every decision that was taken under another version. */
export function renewPlans(plans: Plans, version: number): void {
  if (plans.version === version) return
  plans.version = version
  plans.byField.fill(undecided)
  plans.kept = []
}
