import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { Clock } from '../../../lib/clock.ts'
import { durationSchema } from '../../../lib/duration.ts'
import { messageOf } from '../../../lib/errors.ts'
import type { Log } from '../../../lib/log.ts'
import type { Notification, Notifier } from '../../../model/alert.ts'
import { fingerprint } from '../../rules/definition/identity.ts'
import type { ReceiverWatch } from './receiver-watch.ts'

/** Whom to tell that the collector is alive: a service that raises the alarm when this stops coming. */
export const heartbeatSchema = z
  .strictObject({ receiver: z.string().min(1), every: durationSchema.refine((ms) => ms >= 1000, 'must be at least 1s').prefault('1m') })
  .transform(({ receiver, every }) => ({ receiver, everyMs: every }))

export type HeartbeatSettings = z.output<typeof heartbeatSchema>

export type HeartbeatOptions = {
  readonly settings: () => { readonly heartbeat?: HeartbeatSettings; readonly receivers: ReadonlyMap<string, Notifier> }
  /** Whether rules are evaluated when they should be; while they are not, nothing is sent. */
  readonly works: () => boolean
  readonly watch: ReceiverWatch
  readonly clock: Clock
  readonly log: Log
  readonly externalUrl: string
  readonly newId: () => string
}

/** Tells a receiver regularly that rules are evaluated. Not queued: the next one is never far. */
export function createHeartbeat({ settings, works, watch, clock, log, externalUrl, newId }: HeartbeatOptions) {
  const stopping = new AbortController()
  let inForce: HeartbeatSettings | undefined
  let cancel = () => {}
  let underWay: Promise<void> = Promise.resolve()

  async function beat({ receiver }: { receiver: string }): Promise<void> {
    const notification = toNotification(receiver, clock.now(), externalUrl, newId())
    const result = await settings()
      .receivers.get(receiver)
      ?.send(notification, stopping.signal)
      .catch((thrown: unknown) => ({ ok: false as const, message: messageOf(thrown) }))
    if (!result || stopping.signal.aborted) return
    if (result.ok) watch.onSent(receiver)
    else watch.onFailure(receiver, { reason: result.message, isGivenUp: false })
  }

  function tick(): void {
    inForce = settings().heartbeat
    if (!inForce) return
    cancel = clock.after(inForce.everyMs, tick)
    if (works()) underWay = beat(inForce)
    else log.warn({ receiver: inForce.receiver }, 'rules are not evaluated as they should be: no heartbeat is sent')
  }

  return {
    start: tick,
    /** The settings may have been changed; the same ones go on. */
    renew(): void {
      if (isDeepStrictEqual(inForce, settings().heartbeat)) return
      cancel()
      tick()
    },
    async stop(): Promise<void> {
      cancel()
      stopping.abort()
      await underWay
    },
  }
}

function toNotification(receiver: string, nowMs: number, externalUrl: string, idempotencyKey: string): Notification {
  const labels = { alertname: 'Watchdog', severity: 'info' }
  const unknown = { value: null, endsAt: null, acknowledgedBy: null, acknowledgedUntil: null, acknowledgeComment: null }
  return {
    ...{ receiver, externalUrl, idempotencyKey, status: 'firing', reason: 'heartbeat' },
    groupKey: fingerprint('heartbeat', { receiver }),
    groupLabels: { alertname: 'Watchdog' },
    alerts: [
      {
        ...unknown,
        ...{ id: fingerprint('Watchdog', {}), rule: 'Watchdog', severity: 'info', state: 'firing', labels, resolvedBy: null, cause: null },
        annotations: { summary: 'Tidewatch evaluates its rules. When this stops coming, look after it.' },
        startsAt: new Date(nowMs).toISOString(),
      },
    ],
  }
}
