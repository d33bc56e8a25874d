import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Alert, Cause } from '../model/alert.ts'
import type { AlertInstance, AlertRecords } from '../model/alert-records.ts'
import type { StreamEvent } from '../model/event.ts'
import type { Point } from '../model/point.ts'
import type { Acknowledgements } from './acknowledgements.ts'
import type { Transition } from './evaluate.ts'
import { type AlertEvent, createHistoryPoints } from './history.ts'
import { toAlert, toEnded } from './view.ts'

export type BoardOptions = {
  readonly records: AlertRecords
  readonly acknowledgements: Acknowledgements
  readonly clock: Clock
  readonly log: Log
  readonly emit: (event: StreamEvent) => void
  readonly push: (points: readonly Point[]) => Promise<unknown>
  readonly causeOf: (atMs: number, labels: Readonly<Record<string, string>>) => Cause | null
  /** Every active instance, wherever it is kept. */
  readonly instanceOf: (id: string) => AlertInstance | undefined
  /** Takes alerts that fire and alerts that ended after they fired. */
  readonly dispatch: (alert: Alert) => void
}

type End = { readonly resolvedBy?: string; readonly stateReason?: string }

/** Makes changes of state known: saved, told to the stream, written to history, handed on for notification. */
export function createBoard(options: BoardOptions) {
  const { records, acknowledgements, clock, log } = options
  const toPoints = createHistoryPoints()

  function view(instance: AlertInstance): Alert {
    return toAlert(instance, acknowledgements.get(instance.id), clock.now())
  }

  function publish(transitions: readonly Transition[], end: End = {}): readonly AlertInstance[] {
    if (transitions.length === 0) return []
    const completed = transitions.map(({ before, instance }) => withCause(before, instance))
    const events = transitions.map((transition, index) => toEvent(transition, completed[index] ?? transition.instance, end))
    const ended = transitions.flatMap(({ before, instance }, index) => (hasEnded(before, instance) ? [events[index] as Told] : []))
    records.commit({
      save: completed.filter(({ state }) => state !== 'ok'),
      remove: completed.filter(({ state }) => state === 'ok').map(({ id }) => id),
      ended: ended.map(({ alert }) => alert),
    })
    for (const { alert } of ended) release(alert.id)
    for (const told of events) options.emit({ type: 'alert', alert: told.alert })
    for (const told of events) if (told.isNotified) options.dispatch(told.alert)
    write(events)
    return completed.filter((instance, index) => instance !== transitions[index]?.instance)
  }

  /** An alert that begins to fire looks back once for what changed before. */
  function withCause(before: AlertInstance, instance: AlertInstance): AlertInstance {
    if (instance.firedAtMs === null || instance.cause !== null || (before !== instance && before.firedAtMs !== null)) return instance
    try {
      return { ...instance, cause: options.causeOf(instance.activeSinceMs ?? instance.firedAtMs, instance.labels) }
    } catch (thrown) {
      log.error({ err: thrown, rule: instance.rule }, 'the change before an alert could not be looked up')
      return instance
    }
  }

  type Told = AlertEvent & { readonly isNotified: boolean }

  function toEvent({ before, instance }: Transition, completed: AlertInstance, end: End): Told {
    if (instance.state === 'ok') {
      const hasFired = before.firedAtMs !== null
      return {
        alert: toEnded(view(before), clock.now(), end),
        state: hasFired ? 'resolved' : 'ok',
        actor: end.resolvedBy,
        isNotified: hasFired,
      }
    }
    if (hasEnded(before, instance)) return { alert: toEnded(view(before), clock.now(), end), state: instance.state, isNotified: true }
    return { alert: view(completed), state: instance.state, isNotified: instance.firedAtMs !== null }
  }

  function release(id: string): void {
    try {
      acknowledgements.remove(id)
    } catch (thrown) {
      log.error({ err: thrown }, 'an acknowledgement of an ended alert could not be removed')
    }
  }

  function write(events: readonly AlertEvent[]): void {
    options.push(toPoints(events, clock.now())).catch((thrown: unknown) => {
      log.warn({ err: thrown }, 'alert history could not be written; the alerts themselves are not affected')
    })
  }

  return {
    view,
    publish,
    /** Tells that something about an alert changed that is no change of state. */
    announce(alert: Alert, actor: string, action: string): void {
      options.emit({ type: 'alert', alert })
      write([{ alert, state: alert.state, actor, action }])
    },
    alertOf(id: string): Alert | undefined {
      const instance = options.instanceOf(id)
      return instance && instance.state !== 'ok' ? view(instance) : undefined
    },
  }
}

export type Board = ReturnType<typeof createBoard>

function hasEnded(before: AlertInstance, instance: AlertInstance): boolean {
  return before !== instance && before.firedAtMs !== null && instance.firedAtMs === null
}
