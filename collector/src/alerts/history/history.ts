import type { Alert } from '../../model/alert.ts'
import type { Point } from '../../model/point.ts'

/** What happened to an alert; the tag `state` is `ok` when a pending one was dropped. */
export type AlertEvent = {
  readonly alert: Alert
  readonly state: string
  readonly actor?: string
  readonly action?: string
  /** It fires from now on. What people do to an alert that fires, and one that recovers and comes back, are events of it, too. */
  readonly hasBegun?: boolean
}

/** Writes events as points of `alert_events`, so that they can be queried and drawn like any metric. */
export function createHistoryPoints() {
  let count = 0n
  return (events: readonly AlertEvent[], nowMs: number): readonly Point[] =>
    events.map(({ alert, state, actor, action, hasBegun }) => {
      // Alerts of one rule often change in the same millisecond, and points of equal tags and time
      // would overwrite each other: the nanoseconds tell them apart.
      count = (count + 1n) % 1_000_000n
      const { environment } = alert.labels
      return {
        measurement: 'alert_events',
        tags: {
          // The store keeps this category for 60 days, unless its retention says otherwise.
          category: 'alerts',
          rule: alert.rule,
          severity: alert.severity,
          state,
          ...(environment ? { environment } : {}),
          ...(alert.source ? { source: alert.source } : {}),
        },
        fields: {
          fingerprint: alert.id,
          labels: JSON.stringify(alert.labels),
          ...(alert.value === null || !Number.isFinite(alert.value) ? {} : { value: alert.value }),
          ...(alert.cause ? { cause: alert.cause.summary } : {}),
          ...(actor ? { actor } : {}),
          ...(action ? { action } : {}),
          ...(hasBegun ? { begun: 1 } : {}),
        },
        timeNs: BigInt(nowMs) * 1_000_000n + count,
      }
    })
}
