import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Alert, Cause } from '../model/alert.ts'
import type { AlertInstance, AlertRecords } from '../model/alert-records.ts'
import type { StreamEvent } from '../model/event.ts'
import type { Point } from '../model/point.ts'
import type { Acknowledgements } from './acknowledgements.ts'
import { type AlertEvent, createHistoryPoints } from './history.ts'
import type { Suppression } from './routing/suppression.ts'
import type { Transition } from './rules/evaluate.ts'
import { toAlert, toEnded } from './view.ts'

export type BoardOptions = {
  readonly records: AlertRecords
  readonly acknowledgements: Acknowledgements
  readonly clock: Clock
  readonly log: Log
  readonly emit: (event: StreamEvent) => void
  readonly push: (points: readonly Point[]) => Promise<unknown>
  readonly causeOf: (atMs: number, labels: Readonly<Record<string, string>>) => Cause | null
  /** Called when an alert begins to fire, after it is saved. */
  readonly onFiring: (instance: AlertInstance) => void
  /** What keeps an active alert from receivers. */
  readonly suppressionOf: Suppression['of']
  readonly isFlapping: (id: string) => boolean
  /** Takes alerts that fire and alerts that ended after they fired. */
  readonly dispatch: (alert: Alert) => void
}

export type End = { readonly resolvedBy?: string; readonly stateReason?: string }

/** Makes changes of state known: saved, told to the stream, written to history, handed on for notification. */
export function createBoard(options: BoardOptions) {
  const { records, acknowledgements, clock } = options
  const toPoints = createHistoryPoints()

  function view(instance: AlertInstance): Alert {
    const alert = toAlert(instance, acknowledgements.get(instance.id), clock.now())
    return { ...alert, ...options.suppressionOf(alert.labels), ...(options.isFlapping(alert.id) && { flapping: true }) }
  }

  /** What everybody sees of a change: of an alert that ended, how it last was. */
  function toEvent({ before, instance }: Transition, end: End): AlertEvent {
    const hasEnded = hasStopped(before, instance)
    const alert = hasEnded || instance.state === 'ok' ? toEnded(view(before), clock.now(), end) : view(instance)
    return { alert, state: instance.state === 'ok' && hasEnded ? 'resolved' : instance.state, actor: end.resolvedBy }
  }

  function write(events: readonly AlertEvent[]): void {
    options.push(toPoints(events, clock.now())).catch((thrown: unknown) => {
      options.log.warn({ err: thrown }, 'alert history could not be written; the alerts themselves are not affected')
    })
  }

  return {
    view,
    /** Gives back the instances that got a cause. */
    publish(transitions: readonly Transition[], end: End = {}): readonly AlertInstance[] {
      if (transitions.length === 0) return []
      const changes = transitions.map((transition) => ({ ...transition, instance: withCause(transition, options) }))
      const told = changes.map((change) => ({ change, event: toEvent(change, end) }))
      const ended = told.filter(({ change }) => hasStopped(change.before, change.instance)).map(({ event }) => event.alert)
      const [over, active] = [changes.filter(({ to }) => to === 'ok'), changes.filter(({ to }) => to !== 'ok')]
      records.commit({ save: active.map(({ instance }) => instance), remove: over.map(({ instance }) => instance.id), ended })
      for (const { id } of ended) acknowledgements.release(id)
      for (const { event } of told) options.emit({ type: 'alert', alert: event.alert })
      for (const { change, event } of told) if (isForReceivers(change)) options.dispatch(event.alert)
      for (const change of changes) if (beginsToFire(change)) options.onFiring(change.instance)
      write(told.map(({ event }) => event))
      return changes.flatMap(({ instance }, index) => (instance === transitions[index]?.instance ? [] : [instance]))
    },
    /** Tells that something about an alert changed that is no change of state. */
    announce(alert: Alert, actor: string, action: string): void {
      options.emit({ type: 'alert', alert })
      write([{ alert, state: alert.state, actor, action }])
    },
  }
}

export type Board = ReturnType<typeof createBoard>

/** It had fired, and does so no more. */
function hasStopped(before: AlertInstance, instance: AlertInstance): boolean {
  return before !== instance && before.firedAtMs !== null && instance.firedAtMs === null
}

function isForReceivers({ before, instance }: Transition): boolean {
  return instance.firedAtMs !== null || hasStopped(before, instance)
}

function beginsToFire({ before, instance }: Pick<Transition, 'before' | 'instance'>): boolean {
  return instance.firedAtMs !== null && (before === instance || before.firedAtMs === null)
}

/** An alert that begins to fire looks back once for what changed before. */
function withCause({ before, instance }: Transition, { causeOf, log }: Pick<BoardOptions, 'causeOf' | 'log'>): AlertInstance {
  if (!beginsToFire({ before, instance }) || instance.cause !== null) return instance
  try {
    const cause = causeOf(instance.activeSinceMs ?? instance.firedAtMs ?? 0, instance.labels)
    return cause ? { ...instance, cause } : instance
  } catch (thrown) {
    log.error({ err: thrown, rule: instance.rule }, 'the change before an alert could not be looked up')
    return instance
  }
}
