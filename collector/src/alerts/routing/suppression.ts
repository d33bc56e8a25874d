import type { Clock } from '../../lib/clock.ts'
import type { Alert } from '../../model/alert.ts'
import type { Tags } from '../../model/point.ts'
import { createInhibition, type InhibitRule } from './inhibition.ts'
import { type Route, routesFor } from './route.ts'
import { isWithin } from './time-interval.ts'
import type { NamedInterval } from './time-interval-schema.ts'

export type SuppressionOptions = {
  readonly root: Route
  readonly inhibitRules: readonly InhibitRule[]
  readonly timeIntervals: readonly NamedInterval[]
  readonly silencedBy: (labels: Tags) => readonly string[]
  readonly clock: Clock
}

export type MutedRoute = Pick<Route, 'muteTimeIntervals' | 'activeTimeIntervals'>

/**
 * What keeps alerts from receivers, in Alertmanager's order: another alert, a time at which the
 * route is not active or mute, a silence. The alerts themselves go on as they are.
 */
export function createSuppression({ root, inhibitRules, timeIntervals, silencedBy, clock }: SuppressionOptions) {
  const inhibition = createInhibition(inhibitRules)
  const byName = new Map(timeIntervals.map((interval) => [interval.name, interval]))

  function isNow(name: string): boolean {
    const interval = byName.get(name)
    return interval !== undefined && isWithin(interval, clock.now())
  }

  /** The names of the intervals that make a route mute now. */
  function mutedBy({ activeTimeIntervals, muteTimeIntervals }: MutedRoute): readonly string[] {
    const isInactive = activeTimeIntervals.length > 0 && !activeTimeIntervals.some(isNow)
    return isInactive ? activeTimeIntervals : muteTimeIntervals.filter(isNow)
  }

  /** Muted for an alert are only those that are so on every route it takes. */
  function mutedOnAllRoutes(labels: Tags): readonly string[] {
    const muted = routesFor(root, labels).map(mutedBy)
    return muted.every((names) => names.length > 0) ? [...new Set(muted.flat())] : []
  }

  return {
    /** Takes an alert that fires, or one that ended. */
    observe: inhibition.observe,
    mutedBy,
    isNow,
    /** Whether an alert is kept from receivers of a route. */
    holds: (route: MutedRoute, { labels }: Pick<Alert, 'labels'>): boolean =>
      inhibition.inhibitedBy(labels).length > 0 || mutedBy(route).length > 0 || silencedBy(labels).length > 0,
    /** The same for people to see. */
    of(labels: Tags): Required<Pick<Alert, 'status' | 'silencedBy' | 'inhibitedBy' | 'mutedBy'>> {
      const found = { inhibitedBy: inhibition.inhibitedBy(labels), mutedBy: mutedOnAllRoutes(labels), silencedBy: silencedBy(labels) }
      const isSuppressed = Object.values(found).some((names) => names.length > 0)
      return { status: isSuppressed ? 'suppressed' : 'active', ...found }
    },
  }
}

export type Suppression = ReturnType<typeof createSuppression>
