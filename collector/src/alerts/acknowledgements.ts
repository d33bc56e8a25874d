import type { Acknowledgement, AlertInstance, AlertRecords } from '../model/alert-records.ts'
import { isInForce } from './view.ts'

/** Who took care of which alert, in memory and in the records. */
export function createAcknowledgements(records: AlertRecords) {
  const known = new Map(records.acknowledgements().map((acknowledgement) => [acknowledgement.alertId, acknowledgement]))
  return {
    get: (alertId: string): Acknowledgement | undefined => known.get(alertId),
    set(acknowledgement: Acknowledgement): void {
      records.acknowledge(acknowledgement)
      known.set(acknowledgement.alertId, acknowledgement)
    },
    remove(alertId: string): void {
      if (!known.has(alertId)) return
      records.unacknowledge(alertId)
      known.delete(alertId)
    },
    /** Those that no longer count: expired, outgrown by severity, or of an alert that ended. */
    lapsed(lookup: (id: string) => AlertInstance | undefined, nowMs: number): readonly string[] {
      return [...known.values()].flatMap((acknowledgement) => {
        const instance = lookup(acknowledgement.alertId)
        return instance && isInForce(acknowledgement, instance, nowMs) ? [] : [acknowledgement.alertId]
      })
    },
  }
}

export type Acknowledgements = ReturnType<typeof createAcknowledgements>
