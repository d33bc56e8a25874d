import { type Clock, createJumpWatch } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import type { Acknowledgement, AlertInstance, AlertRecords } from '../../model/alert-records.ts'
import { isInForce } from './view.ts'

export type AcknowledgementsOptions = {
  readonly records: AlertRecords
  /** Writes what is written meanwhile as one. */
  readonly transaction: (work: () => void) => void
  readonly clock: Clock
  readonly log: Log
}

/** Who took care of which alert, in memory and in the records. */
export function createAcknowledgements({ records, transaction, clock, log }: AcknowledgementsOptions) {
  const known = new Map(records.acknowledgements().map((acknowledgement) => [acknowledgement.alertId, acknowledgement]))

  const jumped = createJumpWatch(clock)

  /** Whoever took an alert for two hours has it for two hours, though the machine's time was set meanwhile. */
  function followClock(): void {
    const jumpMs = jumped()
    if (jumpMs === 0) return
    for (const before of known.values()) {
      if (before.untilMs === null) continue
      const acknowledgement = { ...before, untilMs: before.untilMs + jumpMs }
      known.set(before.alertId, acknowledgement)
      tolerantly(() => records.acknowledge(acknowledgement), 'an acknowledgement whose end moved with the clock could not be saved')
    }
  }

  /** What must go on whatever the disk says. */
  function tolerantly(write: () => void, otherwise: string): void {
    try {
      write()
    } catch (thrown) {
      log.error({ err: thrown }, otherwise)
    }
  }

  function remove(alertId: string): void {
    if (!known.has(alertId)) return
    records.unacknowledge(alertId)
    known.delete(alertId)
  }

  return {
    get(alertId: string): Acknowledgement | undefined {
      followClock()
      return known.get(alertId)
    },
    /** Writes them as one, with what `also` writes. */
    set(acknowledgements: readonly Acknowledgement[], also: () => void): void {
      followClock()
      transaction(() => {
        for (const acknowledgement of acknowledgements) records.acknowledge(acknowledgement)
        also()
      })
      for (const acknowledgement of acknowledgements) known.set(acknowledgement.alertId, acknowledgement)
    },
    remove,
    /** As `remove`, for alerts that ended. */
    release(alertId: string): void {
      tolerantly(() => remove(alertId), 'the acknowledgement of an ended alert could not be removed')
      known.delete(alertId)
    },
    /** Those that no longer count: expired, outgrown by severity, or of an alert that ended. */
    lapsed(lookup: (id: string) => AlertInstance | undefined, nowMs: number): readonly string[] {
      followClock()
      return [...known.values()].flatMap((acknowledgement) => {
        const instance = lookup(acknowledgement.alertId)
        return instance && isInForce(acknowledgement, instance, nowMs) ? [] : [acknowledgement.alertId]
      })
    },
  }
}

export type Acknowledgements = ReturnType<typeof createAcknowledgements>
