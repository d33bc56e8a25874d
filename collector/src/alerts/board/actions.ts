import type { Clock } from '../../lib/clock.ts'
import { AppError } from '../../lib/errors.ts'
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

/** What people do to alerts. Each action is saved and in the audit log before it is answered. */
export function createActions(options: ActionOptions) {
  const { records, acknowledgements, board, roster, audit, clock } = options

  function log(action: string, { id, rule, labels }: AlertInstance, { actor, comment }: By, detail: object = {}): void {
    audit.record({ atMs: clock.now(), actor, action, target: id, detail: { comment, rule, labels, ...detail } })
  }

  function lapse(ids: readonly string[]): void {
    for (const id of ids) {
      const instance = roster.find(id)
      acknowledgements.release(id)
      if (instance && instance.state !== 'ok') board.announce(board.view(instance), 'tidewatch', 'acknowledgement lapsed')
    }
  }

  const forPeople = {
    async acknowledge(id: string, by: By & { forMs?: number }): Promise<Alert> {
      const instance = activeInstance(roster.find(id), id, records)
      const untilMs = by.forMs === undefined ? null : clock.now() + by.forMs
      acknowledgements.set({ alertId: id, actor: by.actor, comment: by.comment, atMs: clock.now(), untilMs, severity: instance.severity })
      log('alert.acknowledge', instance, by, { untilMs })
      const alert = board.view(instance)
      board.announce(alert, by.actor, 'acknowledge')
      options.onTaking(id, takenBy(by.actor))
      return alert
    },

    async unacknowledge(id: string, by: By): Promise<Alert> {
      const instance = activeInstance(roster.find(id), id, records)
      const wasTaken = acknowledgements.get(id) !== undefined
      acknowledgements.remove(id)
      log('alert.unacknowledge', instance, by)
      const alert = board.view(instance)
      board.announce(alert, by.actor, 'unacknowledge')
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
