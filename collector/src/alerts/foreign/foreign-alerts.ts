import type { Clock } from '../../lib/clock.ts'
import { invariant } from '../../lib/errors.ts'
import type { Log } from '../../lib/log.ts'
import type { Alert } from '../../model/alert.ts'
import type { AlertInstance } from '../../model/alert-records.ts'
import type { AuditLog } from '../../model/audit.ts'
import type { ForeignSource } from '../../model/hook.ts'
import type { End } from '../board/board.ts'
import { toEnd } from '../board/restore.ts'
import type { InstanceSource } from '../catalogue.ts'
import { fingerprint } from '../rules/definition/identity.ts'
import { calm } from '../rules/evaluation/advance.ts'
import type { Transition } from '../rules/evaluation/evaluate.ts'
import { toSeverity } from '../severity.ts'
import type { ForeignAlert, ForeignReceipt } from './foreign-alert.ts'

export type ForeignAlertsOptions = {
  readonly sources: readonly ForeignSource[]
  readonly clock: Clock
  readonly log: Log
  readonly audit: AuditLog
  /** Makes transitions known, and gives back the instances that it completed. */
  readonly publish: (transitions: readonly Transition[], end?: End) => readonly AlertInstance[]
  /** How an alert that is no longer active ended. */
  readonly lastEpisode: (id: string) => Alert | undefined
}

type Outcome = 'began' | 'ended' | 'unchanged' | 'refused'

/** Alerts that other systems evaluate and tell us of. */
export function createForeignAlerts({ clock, log, audit, publish, lastEpisode, ...options }: ForeignAlertsOptions) {
  const sources = new Map(options.sources.map((source) => [source.name, source]))
  const active = new Map<string, AlertInstance>()
  /** By the clock that only ever goes on: what was heard of a minute ago is not old because the time was set. */
  const expiries = new Map<string, number>()

  const countOf = (source: string): number => [...active.values()].filter((instance) => instance.source === source).length

  function begin(instance: AlertInstance): Outcome {
    active.set(instance.id, instance)
    for (const completed of publish([{ from: 'ok', to: 'firing', before: instance, instance }])) active.set(instance.id, completed)
    return 'began'
  }

  function end(instance: AlertInstance, end: End): Outcome {
    active.delete(instance.id)
    expiries.delete(instance.id)
    publish([toEnd(instance)], end)
    return 'ended'
  }

  /** Whether it is the repetition of what its sender ended since; what others ended comes back. */
  function isOver(fresh: AlertInstance): boolean {
    const last = lastEpisode(fresh.id)
    if (!last?.endsAt || last.resolvedBy !== null || last.annotations.state_reason !== undefined) return false
    return (fresh.firedAtMs ?? 0) < Date.parse(last.endsAt)
  }

  function goOn(before: AlertInstance, fresh: AlertInstance, given: ForeignAlert): Outcome {
    // An alert that began anew while we believed it to go on: its end was lost on the way.
    const isAnother = given.startsAtMs !== undefined && fresh.firedAtMs !== before.firedAtMs
    if (isAnother && (fresh.firedAtMs ?? 0) > (before.firedAtMs ?? 0)) {
      end(before, { atMs: fresh.firedAtMs ?? clock.now() })
      return begin(fresh)
    }
    active.set(before.id, { ...before, annotations: fresh.annotations, value: fresh.value })
    return 'unchanged'
  }

  function take(source: ForeignSource, given: ForeignAlert, room: number): Outcome {
    const nowMs = clock.now()
    const fresh = toInstance(source.name, given, nowMs)
    const before = active.get(fresh.id)
    if (given.endedAtMs !== null) {
      return before ? end(before, { atMs: Math.max(Math.min(given.endedAtMs, nowMs), before.firedAtMs ?? 0) }) : 'unchanged'
    }
    if (!before && isOver(fresh)) return 'unchanged'
    if (!before && room <= 0) return 'refused'
    const outcome = before ? goOn(before, fresh, given) : begin(fresh)
    const lastsMs = given.expiresAtMs === undefined ? source.resolveAfterMs : given.expiresAtMs - nowMs
    expiries.set(fresh.id, clock.monotonic() + lastsMs)
    return outcome
  }

  return {
    /** Takes a message of a source: every alert in it that is news begins or ends here, too. */
    receive(sourceName: string, alerts: readonly ForeignAlert[]): ForeignReceipt {
      const source = sources.get(sourceName)
      invariant(source, `only hooks that are configured pass alerts on, and ${sourceName} is not`)
      const receipt = { began: 0, ended: 0, unchanged: 0, refused: 0 }
      let room = source.alertsMax - countOf(sourceName)
      for (const alert of alerts) {
        const outcome = take(source, alert, room)
        receipt[outcome]++
        if (outcome === 'began') room--
        if (outcome === 'ended') room++
      }
      if (receipt.refused > 0) log.warn({ source: sourceName, ...receipt }, 'a source has more active alerts than its alertsMax allows')
      if (receipt.began + receipt.ended > 0)
        audit.record({ atMs: clock.now(), actor: sourceName, action: 'alert.receive', target: sourceName, detail: receipt })
      return receipt
    },
    /** Ends those that nothing was heard of for too long. */
    age(): void {
      for (const instance of active.values()) {
        const leftMs = (expiries.get(instance.id) ?? 0) - clock.monotonic()
        if (leftMs <= 0) end(instance, { atMs: Math.max(clock.now() + leftMs, instance.firedAtMs ?? 0), stateReason: 'Expired' })
      }
    },
    /** Takes up those that an earlier process received. What was sent while it was away may be lost, so each has all its time again. */
    restore(instances: readonly AlertInstance[]): void {
      for (const instance of instances) {
        const source = sources.get(instance.source ?? '')
        if (!source) continue
        active.set(instance.id, instance)
        expiries.set(instance.id, clock.monotonic() + source.resolveAfterMs)
      }
    },
    /** Whether receivers here are told of an alert. */
    isTold: ({ source }: { source?: string | undefined }): boolean => source === undefined || sources.get(source)?.notify === true,
    find: (id) => active.get(id),
    active: () => [...active.values()],
    forget({ id }) {
      active.delete(id)
      expiries.delete(id)
    },
  } satisfies InstanceSource & Record<string, unknown>
}

export type ForeignAlerts = ReturnType<typeof createForeignAlerts>

function toInstance(source: string, { labels, annotations, value, startsAtMs }: ForeignAlert, nowMs: number): AlertInstance {
  const rule = labels.alertname ?? ''
  const severity = toSeverity(labels.severity ?? '') ?? 'warning'
  const firedAtMs = Math.min(startsAtMs ?? nowMs, nowMs)
  return {
    ...calm,
    ...{ id: fingerprint(`${source}/${rule}`, labels), source, rule, severity, annotations, value, cause: null },
    ...{ state: 'firing', activeSinceMs: firedAtMs, firedAtMs },
    labels: { ...labels, severity },
  }
}
