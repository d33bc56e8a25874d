import type { Clock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import type { Alert, Cause } from '../../model/alert.ts'
import type { AlertInstance, AlertRecords } from '../../model/alert-records.ts'
import type { StreamEvent } from '../../model/event.ts'
import type { Point } from '../../model/point.ts'
import { type AlertEvent, createHistoryPoints } from '../history/history.ts'
import type { Suppression } from '../routing/tree/suppression.ts'
import type { Transition } from '../rules/evaluation/evaluate.ts'
import type { Acknowledgements } from './acknowledgements.ts'
import { toAlert, toEnded } from './view.ts'

export type BoardOptions = {
  readonly records: AlertRecords
  readonly acknowledgements: Acknowledgements
  readonly clock: Clock
  readonly log: Log
  readonly emit: (event: StreamEvent) => void
  readonly push: (points: readonly Point[]) => Promise<unknown>
  readonly causeOf: (atMs: number, labels: Readonly<Record<string, string>>) => Cause | null
  /** Called when an alert begins to fire, after it is saved and its messages are on their way. */
  readonly onFiring: (instance: AlertInstance) => void
  /** What keeps an active alert from receivers. */
  readonly suppressionOf: Suppression['of']
  readonly isFlapping: (id: string) => boolean
  /** Takes alerts that fire and alerts that ended after they fired. */
  readonly dispatch: (alert: Alert) => void
  /** Begins to deliver what is due now; nothing leaves before this turn of the event loop has ended. */
  readonly deliver: () => void
  /** Writes what is written meanwhile as one. */
  readonly transaction: (work: () => void) => void
}

/** How an alert ended; `atMs` is left out when that is now. */
export type End = { readonly resolvedBy?: string; readonly stateReason?: string; readonly atMs?: number }

/** A transition, and whether it is one of the beginnings: found before its cause is put to it, which makes another instance. */
type Change = Transition & { readonly begins: boolean }

type Told = { readonly change: Change; readonly event: AlertEvent }

type Published = { readonly changes: readonly Change[]; readonly end: End }

/** What can wait until messages are on their way: history, and looking back at what came before. */
const afterwardsMs = 20

/** Makes changes of state known: saved, handed on for notification, told to the stream, written to history. */
export function createBoard(options: BoardOptions) {
  const { records, acknowledgements, clock } = options
  const toPoints = createHistoryPoints()
  /** What waits to be made known at the end of a turn; null: nothing waits. */
  let gathered: Published[] | null = null

  function view(instance: AlertInstance): Alert {
    const alert = toAlert(instance, acknowledgements.get(instance.id), clock.now())
    return { ...alert, ...options.suppressionOf(alert.labels), ...(options.isFlapping(alert.id) && { flapping: true }) }
  }

  /** What everybody sees of a change: of an alert that ended, how it last was. */
  function toEvent({ before, instance }: Transition, end: End): AlertEvent {
    const hasEnded = hasStopped(before, instance)
    const alert = hasEnded || instance.state === 'ok' ? toEnded(view(before), end.atMs ?? clock.now(), end) : view(instance)
    return { alert, state: instance.state === 'ok' && hasEnded ? 'resolved' : instance.state, actor: end.resolvedBy }
  }

  function write(events: readonly AlertEvent[], atMs: number): void {
    options.push(toPoints(events, atMs)).catch((thrown: unknown) => {
      options.log.warn({ err: thrown }, 'alert history could not be written; the alerts themselves are not affected')
    })
  }

  function save(published: readonly Published[]): void {
    const all = published.flatMap(({ changes, end }) => changes.map((change) => ({ change, end })))
    const ended = all.filter(({ change }) => hasStopped(change.before, change.instance))
    // One that ended and began anew within a turn is there: what it came to last decides.
    const last = [...new Map(all.map(({ change }) => [change.instance.id, change])).values()]
    records.commit({
      save: last.filter(({ to }) => to !== 'ok').map(({ instance }) => instance),
      remove: last.filter(({ to }) => to === 'ok').map(({ instance }) => instance.id),
      ended: ended.map(({ change, end }) => toEvent(change, end).alert),
    })
  }

  /**
   * Nobody is told what is not saved. The alerts and what receivers are owed of them are one transaction:
   * each wait for the disk makes an alert later, and what is told is known to have been owed.
   */
  function makeKnown(published: readonly Published[]): void {
    if (published.length === 0) return
    let told: readonly Told[] = []
    options.transaction(() => {
      save(published)
      told = published.flatMap(({ changes, end }) => changes.map((change) => ({ change, event: toEvent(change, end) })))
      acknowledgements.release(told.flatMap(({ change: { before, instance } }) => (hasStopped(before, instance) ? [instance.id] : [])))
      for (const { change, event } of told) if (isForReceivers(change)) options.dispatch(event.alert)
      options.deliver()
    })
    for (const { event } of told) options.emit({ type: 'alert', alert: event.alert })
    const atMs = clock.now()
    clock.after(afterwardsMs, () => {
      for (const { change } of told) if (change.begins) options.onFiring(change.instance)
      write(
        told.map(({ event, change }) => ({ ...event, hasBegun: change.begins })),
        atMs,
      )
    })
  }

  return {
    view,
    /** Gives back the instances that got a cause. */
    publish(transitions: readonly Transition[], end: End = {}): readonly AlertInstance[] {
      if (transitions.length === 0) return []
      const changes = transitions.map((transition) => ({
        ...transition,
        instance: withCause(transition, options),
        begins: beginsToFire(transition),
      }))
      if (gathered) gathered.push({ changes, end })
      else makeKnown([{ changes, end }])
      return changes.flatMap(({ instance }, index) => (instance === transitions[index]?.instance ? [] : [instance]))
    },
    /** Makes known at its end what is published meanwhile: one wait for the disk for all of it. */
    together(work: () => void): void {
      gathered = []
      try {
        work()
      } finally {
        const all = gathered
        gathered = null
        makeKnown(all)
      }
    },
    /** Tells that something about alerts changed that is no change of state. */
    announce(alerts: readonly Alert[], actor: string, action: string): void {
      for (const alert of alerts) options.emit({ type: 'alert', alert })
      write(
        alerts.map((alert) => ({ alert, state: alert.state, actor, action })),
        clock.now(),
      )
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
