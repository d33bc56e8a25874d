import type { Alert } from '../../model/alert.ts'
import type { Acknowledgement, AlertInstance } from '../../model/alert-records.ts'
import { isMoreSevere } from '../severity.ts'

/** An acknowledgement counts until it expires, and not for a severity above the one that was acknowledged. */
export function isInForce(acknowledgement: Acknowledgement, instance: AlertInstance, nowMs: number): boolean {
  const isOver = acknowledgement.untilMs !== null && acknowledgement.untilMs <= nowMs
  return !isOver && !isMoreSevere(instance.severity, acknowledgement.severity)
}

/** When an active instance began, as everybody is told. */
export function startOf({ firedAtMs, activeSinceMs, missingSinceMs }: AlertInstance, nowMs: number): number {
  return firedAtMs ?? activeSinceMs ?? missingSinceMs ?? nowMs
}

/** An active instance as everybody outside of the engine sees it. */
export function toAlert(instance: AlertInstance, acknowledgement: Acknowledgement | undefined, nowMs: number): Alert {
  const inForce = acknowledgement && isInForce(acknowledgement, instance, nowMs) ? acknowledgement : undefined
  return {
    id: instance.id,
    rule: instance.rule,
    ...(instance.source !== undefined && { source: instance.source }),
    severity: instance.severity,
    state: instance.state === 'ok' ? 'resolved' : instance.state,
    labels: instance.labels,
    annotations: instance.annotations,
    value: instance.value,
    startsAt: toTime(startOf(instance, nowMs)),
    endsAt: null,
    acknowledgedBy: inForce?.actor ?? null,
    acknowledgedUntil: inForce && inForce.untilMs !== null ? toTime(inForce.untilMs) : null,
    acknowledgeComment: inForce?.comment ?? null,
    resolvedBy: null,
    cause: instance.cause,
  }
}

/** How an instance ended: as it last was, with its end. */
export function toEnded(before: Alert, nowMs: number, by: { resolvedBy?: string; stateReason?: string } = {}): Alert {
  const { status: _, flapping: __, silencedBy: ___, inhibitedBy: ____, mutedBy: _____, ...alert } = before
  const annotations = by.stateReason ? { ...before.annotations, state_reason: by.stateReason } : before.annotations
  return { ...alert, state: 'resolved', endsAt: toTime(nowMs), resolvedBy: by.resolvedBy ?? null, annotations }
}

function toTime(ms: number): string {
  return new Date(ms).toISOString()
}
