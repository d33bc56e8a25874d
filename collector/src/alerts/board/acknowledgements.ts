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
    const moved = [...known.values()].flatMap((one) => (one.untilMs === null ? [] : [{ ...one, untilMs: one.untilMs + jumpMs }]))
    for (const one of moved) known.set(one.alertId, one)
    tolerantly(() => write(moved), 'the acknowledgements whose end moved with the clock could not be saved')
  }

  /** One wait for the disk for all of them, with what `also` writes. */
  function write(acknowledgements: readonly Acknowledgement[], also = () => {}): void {
    transaction(() => {
      for (const acknowledgement of acknowledgements) records.acknowledge(acknowledgement)
      also()
    })
  }

  /** What must go on whatever the disk says. */
  function tolerantly(work: () => void, otherwise: string): void {
    try {
      work()
    } catch (thrown) {
      log.error({ err: thrown }, otherwise)
    }
  }

  return {
    get(alertId: string): Acknowledgement | undefined {
      followClock()
      return known.get(alertId)
    },
    /** Writes them as one, with what `also` writes. */
    set(acknowledgements: readonly Acknowledgement[], also: () => void): void {
      followClock()
      write(acknowledgements, also)
      for (const acknowledgement of acknowledgements) known.set(acknowledgement.alertId, acknowledgement)
    },
    remove(alertId: string): void {
      if (!known.has(alertId)) return
      records.unacknowledge(alertId)
      known.delete(alertId)
    },
    /** Lets go of those that are over, all in one, whatever the disk says. */
    release(alertIds: readonly string[]): void {
      const over = alertIds.filter((id) => known.has(id))
      if (over.length === 0) return
      const unacknowledge = () => {
        for (const id of over) records.unacknowledge(id)
      }
      tolerantly(() => transaction(unacknowledge), 'acknowledgements that are over could not be removed')
      for (const id of over) known.delete(id)
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
