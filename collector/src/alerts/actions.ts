import { randomUUID } from 'node:crypto'
import type { Clock } from '../lib/clock.ts'
import { AppError, messageOf } from '../lib/errors.ts'
import type { Alert, Notifier } from '../model/alert.ts'
import type { AlertInstance, AlertRecords } from '../model/alert-records.ts'
import type { AuditLog } from '../model/audit.ts'
import type { Acknowledgements } from './acknowledgements.ts'
import { calm } from './advance.ts'
import type { Board } from './board.ts'
import { testNotification } from './test-notification.ts'
import { toEnded } from './view.ts'

export type ActionOptions = {
  readonly records: AlertRecords
  readonly acknowledgements: Acknowledgements
  readonly board: Board
  readonly audit: AuditLog
  readonly clock: Clock
  readonly receivers: ReadonlyMap<string, Notifier>
  readonly externalUrl: string
  readonly instanceOf: (id: string) => AlertInstance | undefined
  readonly forget: (instance: AlertInstance) => void
}

type By = { readonly actor: string; readonly comment: string }

/** What people do to alerts. Each action is saved and in the audit log before it is answered. */
export function createActions({
  records,
  acknowledgements,
  board,
  audit,
  clock,
  receivers,
  externalUrl,
  instanceOf,
  forget,
}: ActionOptions) {
  function activeInstance(id: string): AlertInstance {
    const instance = instanceOf(id)
    if (instance && instance.state !== 'ok') return instance
    const ended = records.lastEpisode(id)
    if (ended) throw new AppError('CONFLICT', `alert ${id} (${ended.rule}) is not active: it ended at ${ended.endsAt}`)
    throw new AppError('NOT_FOUND', `there is no alert ${id}; GET /api/v1/alerts lists those there are`)
  }

  function log(action: string, target: string, actor: string, detail: Readonly<Record<string, unknown>>): void {
    audit.record({ atMs: clock.now(), actor, action, target, detail })
  }

  return {
    async acknowledge(id: string, { actor, comment, forMs }: By & { forMs?: number }): Promise<Alert> {
      const instance = activeInstance(id)
      const untilMs = forMs === undefined ? null : clock.now() + forMs
      acknowledgements.set({ alertId: id, actor, comment, atMs: clock.now(), untilMs, severity: instance.severity })
      log('alert.acknowledge', id, actor, { comment, untilMs, rule: instance.rule, labels: instance.labels })
      const alert = board.view(instance)
      board.announce(alert, actor, 'acknowledge')
      return alert
    },

    async unacknowledge(id: string, { actor, comment }: By): Promise<Alert> {
      const instance = activeInstance(id)
      acknowledgements.remove(id)
      log('alert.unacknowledge', id, actor, { comment, rule: instance.rule, labels: instance.labels })
      const alert = board.view(instance)
      board.announce(alert, actor, 'unacknowledge')
      return alert
    },

    async resolve(id: string, { actor, comment }: By): Promise<Alert> {
      const before = activeInstance(id)
      log('alert.resolve', id, actor, { comment, rule: before.rule, labels: before.labels })
      const ended = toEnded(board.view(before), clock.now(), { resolvedBy: actor })
      forget(before)
      board.publish([{ from: before.state, to: 'ok', before, instance: { ...before, ...calm } }], { resolvedBy: actor })
      return ended
    },

    async testReceiver(name: string, actor: string): Promise<{ ok: boolean; message: string }> {
      const receiver = receivers.get(name)
      if (!receiver) {
        throw new AppError('NOT_FOUND', `there is no receiver "${name}"; configured are: ${[...receivers.keys()].join(', ') || 'none'}`)
      }
      const notification = testNotification(name, actor, externalUrl, clock.now(), randomUUID())
      const result = await receiver
        .send(notification, new AbortController().signal)
        .catch((thrown: unknown) => ({ ok: false as const, retryable: false, message: messageOf(thrown) }))
      const message = result.ok ? (result.detail ?? 'sent') : result.message
      log('receiver.test', name, actor, { ok: result.ok, message })
      return { ok: result.ok, message }
    },

    /** An acknowledgement that no longer counts is taken away, so that everybody sees it. */
    lapse(id: string): void {
      const instance = instanceOf(id)
      acknowledgements.remove(id)
      if (!instance || instance.state === 'ok') return
      board.announce(board.view(instance), 'tidewatch', 'acknowledgement lapsed')
    },
  }
}
