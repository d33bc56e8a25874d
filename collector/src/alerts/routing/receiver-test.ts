import { randomUUID } from 'node:crypto'
import type { Clock } from '../../lib/clock.ts'
import { AppError, messageOf } from '../../lib/errors.ts'
import type { Notification, Notifier } from '../../model/alert.ts'
import type { AuditLog } from '../../model/audit.ts'

export type ReceiverTestOptions = {
  readonly settings: () => { readonly receivers: ReadonlyMap<string, Notifier> }
  readonly audit: AuditLog
  readonly clock: Clock
  readonly externalUrl: string
}

/** Sends a notification marked TEST through one receiver, at once and only once. */
export function createReceiverTest({ settings, audit, clock, externalUrl }: ReceiverTestOptions) {
  return async (name: string, actor: string): Promise<{ ok: boolean; message: string }> => {
    const { receivers } = settings()
    const receiver = receivers.get(name)
    if (!receiver) {
      throw new AppError('NOT_FOUND', `there is no receiver "${name}"; configured are: ${[...receivers.keys()].join(', ') || 'none'}`)
    }
    const notification = testNotification(name, actor, externalUrl, clock.now())
    const result = await receiver
      .send(notification, new AbortController().signal)
      .catch((thrown: unknown) => ({ ok: false as const, message: messageOf(thrown) }))
    const message = result.ok ? (result.detail ?? 'sent') : result.message
    audit.record({ atMs: clock.now(), actor, action: 'receiver.test', target: name, detail: { ok: result.ok, message } })
    return { ok: result.ok, message }
  }
}

/** A notification that says TEST wherever a person may look. */
function testNotification(receiver: string, actor: string, externalUrl: string, nowMs: number): Notification {
  const now = new Date(nowMs).toISOString()
  return {
    receiver,
    groupKey: `test:${receiver}`,
    status: 'firing',
    reason: 'test',
    groupLabels: { alertname: 'TEST' },
    externalUrl,
    idempotencyKey: randomUUID(),
    test: true,
    alerts: [
      {
        id: '0000000000000000',
        rule: 'TEST',
        severity: 'info',
        state: 'firing',
        labels: { alertname: 'TEST', severity: 'info' },
        annotations: { summary: `TEST from Tidewatch, sent by ${actor}. Nothing is wrong.` },
        value: null,
        startsAt: now,
        endsAt: null,
        acknowledgedBy: null,
        acknowledgedUntil: null,
        acknowledgeComment: null,
        resolvedBy: null,
        cause: null,
      },
    ],
  }
}
