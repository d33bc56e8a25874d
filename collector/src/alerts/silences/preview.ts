import type { Alert } from '../../model/alert.ts'
import type { DeliveryAttempt } from '../../model/alert-records.ts'
import type { Tags } from '../../model/point.ts'
import { allMatch, type Matcher } from '../routing/tree/matcher.ts'

/** What a silence would do, and what it would have done. */
export type SilencePreview = {
  /** Active alerts that it would cover. */
  readonly alerts: readonly Alert[]
  readonly days: number
  /** Notifications of these days of which nothing would have been left. */
  readonly notificationsSuppressed: number
  /** Those that would have told of fewer alerts. */
  readonly notificationsShortened: number
  readonly notificationsTotal: number
}

type Past = {
  readonly days: number
  /** The notifications that were taken in those days. */
  readonly sent: readonly DeliveryAttempt[]
  /** Undefined for an alert of which nothing is kept any more. */
  readonly labelsOf: (alertId: string) => Tags | undefined
}

/** `alerts` are the active ones that it would cover. */
export function previewSilence(matchers: readonly Matcher[], alerts: readonly Alert[], { days, sent, labelsOf }: Past): SilencePreview {
  const covered = new Map<string, boolean>()
  const isCovered = (id: string): boolean => {
    const known = covered.get(id) ?? allMatch(matchers, labelsOf(id) ?? {})
    covered.set(id, known)
    return known
  }
  // What tells of a deployment is no notification of alerts, and no silence keeps it back.
  const told = sent.filter(({ alertIds }) => alertIds.length > 0)
  const shares = told.map(({ alertIds }) => alertIds.filter(isCovered).length / alertIds.length)
  return {
    alerts,
    days,
    notificationsSuppressed: shares.filter((share) => share === 1).length,
    notificationsShortened: shares.filter((share) => share > 0 && share < 1).length,
    notificationsTotal: told.length,
  }
}
