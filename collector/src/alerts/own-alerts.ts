import type { Clock } from '../lib/clock.ts'
import type { Severity } from '../model/alert.ts'
import type { AlertInstance } from '../model/alert-records.ts'
import type { Tags } from '../model/point.ts'
import type { End } from './board/board.ts'
import { toEnd } from './board/restore.ts'
import { fingerprint } from './rules/definition/identity.ts'
import { calm } from './rules/evaluation/advance.ts'
import type { Transition } from './rules/evaluation/evaluate.ts'

export type OwnAlertsOptions = {
  readonly clock: Clock
  /** Makes transitions known, and gives back the instances that it completed. */
  readonly publish: (transitions: readonly Transition[], end?: End) => readonly AlertInstance[]
}

export type Occasion = {
  readonly rule: string
  readonly labels: Tags
  readonly severity: Severity
  readonly annotations: Tags
}

/** Alerts that no rule evaluates: they fire when the collector itself finds a reason, and end when that is gone. */
export function createOwnAlerts({ clock, publish }: OwnAlertsOptions) {
  const active = new Map<string, AlertInstance>()

  return {
    /** Begins an alert, or brings the text of one that goes on up to date. */
    raise({ rule, labels, severity, annotations }: Occasion): void {
      const id = fingerprint(rule, labels)
      const before = active.get(id)
      if (before) {
        active.set(id, { ...before, annotations })
        return
      }
      const nowMs = clock.now()
      const instance: AlertInstance = {
        ...calm,
        ...{ id, rule, severity, annotations, state: 'firing', activeSinceMs: nowMs, firedAtMs: nowMs, value: null, cause: null },
        labels: { ...labels, alertname: rule, severity },
      }
      active.set(id, instance)
      for (const completed of publish([{ from: 'ok', to: 'firing', before: instance, instance }])) active.set(id, completed)
    },
    end(rule: string, labels: Tags): void {
      const id = fingerprint(rule, labels)
      const before = active.get(id)
      if (!before) return
      active.delete(id)
      publish([toEnd(before)])
    },
    /** Takes up those that an earlier process began. */
    restore(instances: readonly AlertInstance[]): void {
      for (const instance of instances) active.set(instance.id, instance)
    },
    find: (id: string): AlertInstance | undefined => active.get(id),
    active: (): readonly AlertInstance[] => [...active.values()],
    forget: ({ id }: AlertInstance): void => void active.delete(id),
  }
}

export type OwnAlerts = ReturnType<typeof createOwnAlerts>
