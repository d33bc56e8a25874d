import type { Clock } from '../../../lib/clock.ts'
import type { OwnAlerts } from '../../own-alerts.ts'

export const receiverFailing = 'ReceiverFailing'

/** A receiver may be away for this long before anybody else hears of it. */
const patienceMs = 60_000

/** Fires an alert about a receiver that takes nothing: one notification was given up, or tries have failed for a minute. */
export function createReceiverWatch({ clock, ownAlerts }: { readonly clock: Clock; readonly ownAlerts: OwnAlerts }) {
  const failingSince = new Map<string, number>()

  return {
    /** Of receivers that there are no more, nothing is to be told. */
    renew(receivers: ReadonlyMap<string, unknown>): void {
      // One that comes back under the same name may be another, and has all its time.
      for (const receiver of failingSince.keys()) if (!receivers.has(receiver)) failingSince.delete(receiver)
      for (const { rule, labels } of ownAlerts.active()) {
        const { receiver = '' } = labels
        if (rule !== receiverFailing || receivers.has(receiver)) continue
        ownAlerts.end(receiverFailing, { receiver })
      }
    },
    onSent(receiver: string): void {
      failingSince.delete(receiver)
      ownAlerts.end(receiverFailing, { receiver })
    },
    onFailure(receiver: string, { reason, isGivenUp }: { readonly reason: string; readonly isGivenUp: boolean }): void {
      const sinceMs = failingSince.get(receiver) ?? clock.monotonic()
      failingSince.set(receiver, sinceMs)
      if (!isGivenUp && clock.monotonic() - sinceMs < patienceMs) return
      ownAlerts.raise({
        rule: receiverFailing,
        labels: { receiver },
        severity: 'high',
        annotations: {
          summary: `The receiver ${receiver} takes no notifications`,
          description: `${isGivenUp ? 'A notification was given up' : 'Tries go on'}. It says: ${reason}`,
        },
      })
    },
  }
}

export type ReceiverWatch = ReturnType<typeof createReceiverWatch>
