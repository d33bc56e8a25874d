import type { Log } from '../../lib/log.ts'
import type { Acknowledgement, AlertInstance, AlertRecords } from '../../model/alert-records.ts'
import { isInForce } from './view.ts'

/** Who took care of which alert, in memory and in the records. */
export function createAcknowledgements(records: AlertRecords, transaction: (work: () => void) => void, log: Log) {
  const known = new Map(records.acknowledgements().map((acknowledgement) => [acknowledgement.alertId, acknowledgement]))

  function remove(alertId: string): void {
    if (!known.has(alertId)) return
    records.unacknowledge(alertId)
    known.delete(alertId)
  }

  return {
    get: (alertId: string): Acknowledgement | undefined => known.get(alertId),
    /** Writes them as one, with what `also` writes. */
    set(acknowledgements: readonly Acknowledgement[], also: () => void): void {
      transaction(() => {
        for (const acknowledgement of acknowledgements) records.acknowledge(acknowledgement)
        also()
      })
      for (const acknowledgement of acknowledgements) known.set(acknowledgement.alertId, acknowledgement)
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
