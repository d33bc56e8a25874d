import type { Log } from '../../lib/log.ts'
import type { Acknowledgement, AlertInstance, AlertRecords } from '../../model/alert-records.ts'
import { isInForce } from './view.ts'

/** Who took care of which alert, in memory and in the records. */
export function createAcknowledgements(records: AlertRecords, log: Log) {
  const known = new Map(records.acknowledgements().map((acknowledgement) => [acknowledgement.alertId, acknowledgement]))

  function remove(alertId: string): void {
    if (!known.has(alertId)) return
    records.unacknowledge(alertId)
    known.delete(alertId)
  }

  return {
    get: (alertId: string): Acknowledgement | undefined => known.get(alertId),
    set(acknowledgement: Acknowledgement): void {
      records.acknowledge(acknowledgement)
      known.set(acknowledgement.alertId, acknowledgement)
    },
    remove,
    /** As `remove`, for alerts that ended: that must go on whatever the disk says. */
    release(alertId: string): void {
      try {
        remove(alertId)
      } catch (thrown) {
        known.delete(alertId)
        log.error({ err: thrown }, 'the acknowledgement of an ended alert could not be removed')
      }
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
