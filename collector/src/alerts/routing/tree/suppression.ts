import type { Clock } from '../../../lib/clock.ts'
import type { Alert } from '../../../model/alert.ts'
import type { Tags } from '../../../model/point.ts'
import { createInhibition, type InhibitRule } from './inhibition.ts'
import { type Route, routesFor } from './route.ts'
import { isWithin } from './time-interval.ts'
import type { NamedInterval } from './time-interval-schema.ts'

export type SuppressionSettings = {
  readonly route: Route
  readonly inhibitRules?: readonly InhibitRule[]
  readonly timeIntervals?: readonly NamedInterval[]
}

export type SuppressionOptions = {
  /** As it is now: a reload may change it. */
  readonly settings: () => SuppressionSettings
  readonly silencedBy: (labels: Tags) => readonly string[]
  readonly clock: Pick<Clock, 'now'>
}

export type MutedRoute = Pick<Route, 'muteTimeIntervals' | 'activeTimeIntervals'>

/** The intervals that make a route mute: one of them is now, or it is active in them alone and none is. */
export type Mute = { readonly names: readonly string[]; readonly because: 'mute' | 'inactive' }

/**
 * What keeps alerts from receivers, in Alertmanager's order: another alert, a time at which the
 * route is not active or mute, a silence. The alerts themselves go on as they are.
 */
export function createSuppression({ settings, silencedBy, clock }: SuppressionOptions) {
  let inhibition = createInhibition(settings().inhibitRules ?? [])
  let byName = intervalsByName(settings())

  function isNow(name: string): boolean {
    const interval = byName.get(name)
    return interval !== undefined && isWithin(interval, clock.now())
  }

  function muteOf({ activeTimeIntervals, muteTimeIntervals }: MutedRoute): Mute | null {
    if (activeTimeIntervals.length > 0 && !activeTimeIntervals.some(isNow)) return { names: activeTimeIntervals, because: 'inactive' }
    const names = muteTimeIntervals.filter(isNow)
    return names.length > 0 ? { names, because: 'mute' } : null
  }

  /** The names of the intervals that make a route mute now. */
  const mutedBy = (route: MutedRoute): readonly string[] => muteOf(route)?.names ?? []

  /** Muted for an alert are only those that are so on every route it takes. */
  function mutedOnAllRoutes(labels: Tags): readonly string[] {
    const muted = routesFor(settings().route, labels).map(mutedBy)
    return muted.every((names) => names.length > 0) ? [...new Set(muted.flat())] : []
  }

  return {
    /** Takes an alert that fires, or one that ended. */
    observe: (alert: Alert): void => inhibition.observe(alert),
    /** The settings were changed; these alerts fire. */
    renew(firing: readonly Alert[]): void {
      inhibition = createInhibition(settings().inhibitRules ?? [])
      byName = intervalsByName(settings())
      for (const alert of firing) inhibition.observe(alert)
    },
    mutedBy,
    muteOf,
    isNow,
    /** Whether an alert is kept from receivers of a route. */
    holds: (route: MutedRoute, { labels }: Pick<Alert, 'labels'>): boolean =>
      inhibition.isInhibited(labels) || mutedBy(route).length > 0 || silencedBy(labels).length > 0,
    /** The same for people to see. */
    of(labels: Tags): Required<Pick<Alert, 'status' | 'silencedBy' | 'inhibitedBy' | 'mutedBy'>> {
      const found = { inhibitedBy: inhibition.inhibitedBy(labels), mutedBy: mutedOnAllRoutes(labels), silencedBy: silencedBy(labels) }
      const isSuppressed = Object.values(found).some((names) => names.length > 0)
      return { status: isSuppressed ? 'suppressed' : 'active', ...found }
    },
  }
}

function intervalsByName({ timeIntervals = [] }: SuppressionSettings): ReadonlyMap<string, NamedInterval> {
  return new Map(timeIntervals.map((interval) => [interval.name, interval]))
}

export type Suppression = ReturnType<typeof createSuppression>
