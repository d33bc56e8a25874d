import type { Notification } from '../model/alert.ts'

/** A notification that says TEST wherever a person may look. */
export function testNotification(receiver: string, actor: string, externalUrl: string, nowMs: number, key: string): Notification {
  const now = new Date(nowMs).toISOString()
  return {
    receiver,
    groupKey: `test:${receiver}`,
    status: 'firing',
    reason: 'test',
    groupLabels: { alertname: 'TEST' },
    externalUrl,
    idempotencyKey: key,
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
