import type { Clock } from '../../lib/clock.ts'
import { AppError } from '../../lib/errors.ts'
import { inSlices } from '../../lib/slices.ts'
import type { Alert, Notifier } from '../../model/alert.ts'
import type { AlertInstance, AlertRecords } from '../../model/alert-records.ts'
import type { AuditLog } from '../../model/audit.ts'
import { createReceiverTest } from '../routing/delivery/receiver-test.ts'
import { notTaken, takenBy } from '../routing/groups/taking.ts'
import type { Acknowledgements } from './acknowledgements.ts'
import type { Board } from './board.ts'
import { toEnd } from './restore.ts'
import { toEnded } from './view.ts'

export type ActionOptions = {
  readonly records: AlertRecords
  readonly acknowledgements: Acknowledgements
  readonly board: Board
  readonly roster: { find(id: string): AlertInstance | undefined; forget(instance: AlertInstance): void }
  readonly audit: AuditLog
  readonly clock: Clock
  readonly settings: () => { readonly receivers: ReadonlyMap<string, Notifier> }
  readonly externalUrl: string
  /** Told of alerts that somebody took, or has no longer. */
  readonly onTaking: (alertId: string, reason: string) => void
}

type By = { readonly actor: string; readonly comment: string }
type Taken = By & { readonly forMs?: number }

/** Many that are taken at once are made known so many at a time. */
const announcedAtOnce = 200

/** What people do to alerts. Each action is saved and in the audit log before it is answered. */
export function createActions(options: ActionOptions) {
  const { records, acknowledgements, board, roster, audit, clock } = options

  function log(action: string, { id, rule, labels }: AlertInstance, { actor, comment }: By, detail: object = {}): void {
    audit.record({ atMs: clock.now(), actor, action, target: id, detail: { comment, rule, labels, ...detail } })
  }

  function lapse(ids: readonly string[]): void {
    acknowledgements.release(ids)
    const active = activeOf(ids)
    if (active.length > 0) board.announce(active.map(board.view), 'tidewatch', 'acknowledgement lapsed')
  }

  function activeOf(ids: readonly string[]): readonly AlertInstance[] {
    return ids.flatMap((id) => {
      const instance = roster.find(id)
      return instance && instance.state !== 'ok' ? [instance] : []
    })
  }

  /** All of them or, when they cannot be written, none: one wait for the disk. */
  function take(instances: readonly AlertInstance[], by: Taken): void {
    const { actor, comment, forMs } = by
    const atMs = clock.now()
    const untilMs = forMs === undefined ? null : atMs + forMs
    acknowledgements.set(
      instances.map(({ id, severity }) => ({ alertId: id, actor, comment, atMs, untilMs, severity })),
      () => {
        for (const instance of instances) log('alert.acknowledge', instance, by, { untilMs })
      },
    )
  }

  function tellTaken(instances: readonly AlertInstance[], { actor }: Taken): readonly Alert[] {
    const alerts = instances.map(board.view)
    board.announce(alerts, actor, 'acknowledge')
    for (const { id } of instances) options.onTaking(id, takenBy(actor))
    return alerts
  }

  const forPeople = {
    async acknowledge(id: string, by: Taken): Promise<Alert> {
      const instance = activeInstance(roster.find(id), id, records)
      take([instance], by)
      const [alert = board.view(instance)] = tellTaken([instance], by)
      return alert
    },

    async acknowledgeAll(ids: readonly string[], by: Taken): Promise<readonly Alert[]> {
      const instances = activeOf([...new Set(ids)])
      take(instances, by)
      const taken: Alert[] = []
      await inSlices(instances, announcedAtOnce, (some) => {
        // What ended while others had their turn is told of by its end.
        taken.push(...tellTaken(activeOf(some.map(({ id }) => id)), by))
      })
      return taken
    },

    async unacknowledge(id: string, by: By): Promise<Alert> {
      const instance = activeInstance(roster.find(id), id, records)
      const wasTaken = acknowledgements.get(id) !== undefined
      acknowledgements.remove(id)
      log('alert.unacknowledge', instance, by)
      const alert = board.view(instance)
      board.announce([alert], by.actor, 'unacknowledge')
      if (wasTaken) options.onTaking(id, notTaken)
      return alert
    },

    async resolve(id: string, by: By): Promise<Alert> {
      const before = activeInstance(roster.find(id), id, records)
      log('alert.resolve', before, by)
      const ended = toEnded(board.view(before), clock.now(), { resolvedBy: by.actor })
      roster.forget(before)
      board.publish([toEnd(before)], { resolvedBy: by.actor })
      return ended
    },

    testReceiver: createReceiverTest(options),
  }

  return {
    forPeople,
    /** Takes away acknowledgements that no longer count, so that everybody sees it. */
    lapseAcknowledgements(): void {
      const lapsed = acknowledgements.lapsed(roster.find, clock.now())
      lapse(lapsed)
      for (const id of lapsed) options.onTaking(id, notTaken)
    },
    /** The same for alerts that others joined: what was taken care of is no longer all there is. */
    lapseJoined: (ids: readonly string[]): void => lapse(ids.filter(acknowledgements.get)),
  }
}

function activeInstance(instance: AlertInstance | undefined, id: string, records: AlertRecords): AlertInstance {
  if (instance && instance.state !== 'ok') return instance
  const ended = records.lastEpisode(id)
  if (ended) throw new AppError('CONFLICT', `alert ${id} (${ended.rule}) is not active: it ended at ${ended.endsAt}`)
  throw new AppError('NOT_FOUND', `there is no alert ${id}; GET /api/v1/alerts lists those there are`)
}
