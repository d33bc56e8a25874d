import { randomUUID } from 'node:crypto'
import type { Clock } from '../../../lib/clock.ts'
import { AppError, messageOf } from '../../../lib/errors.ts'
import type { Notification, Notifier, SendResult } from '../../../model/alert.ts'
import type { AuditLog } from '../../../model/audit.ts'
import { type TestedChange, testChange } from './test-change.ts'

export type ReceiverTestOptions = {
  readonly settings: () => { readonly receivers: ReadonlyMap<string, Notifier> }
  readonly audit: AuditLog
  readonly clock: Clock
  readonly externalUrl: string
}

/** Sends a notification of an alert, or of a change, marked TEST through one receiver, at once and only once. */
export function createReceiverTest({ settings, audit, clock, externalUrl }: ReceiverTestOptions) {
  return async (name: string, actor: string, change?: TestedChange): Promise<{ ok: boolean; message: string }> => {
    const { receivers } = settings()
    const receiver = receivers.get(name)
    if (!receiver) {
      throw new AppError('NOT_FOUND', `there is no receiver "${name}"; configured are: ${[...receivers.keys()].join(', ') || 'none'}`)
    }
    const result = await sending(receiver, name, actor, change).catch((thrown: unknown) => {
      if (thrown instanceof AppError) throw thrown
      return { ok: false as const, message: messageOf(thrown) }
    })
    const message = result.ok ? (result.detail ?? 'sent') : result.message
    const detail = { ok: result.ok, message, ...(change && { change }) }
    audit.record({ atMs: clock.now(), actor, action: 'receiver.test', target: name, detail })
    return { ok: result.ok, message }
  }

  async function sending(receiver: Notifier, name: string, actor: string, change: TestedChange | undefined): Promise<SendResult> {
    const { signal } = new AbortController()
    if (!change) return receiver.send(testNotification(name, actor, externalUrl, clock.now()), signal)
    const { news, send } = testChange(change, receiver.changes, { receiver: name, actor, externalUrl, nowMs: clock.now() })
    return send(news, signal)
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
