import { randomUUID } from 'node:crypto'
import type { RuleStatus } from '../contract/alerts.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Cause, Notifier } from '../model/alert.ts'
import type { AlertRecords, NotificationRecords } from '../model/alert-records.ts'
import type { AuditLog } from '../model/audit.ts'
import type { StreamEvent } from '../model/event.ts'
import type { Point } from '../model/point.ts'
import { createAcknowledgements } from './acknowledgements.ts'
import { createActions } from './actions.ts'
import type { Alerts } from './alerts.ts'
import { createBoard } from './board.ts'
import { listAlerts } from './list.ts'
import { restoreInstances, toEnd } from './restore.ts'
import { createDispatcher } from './routing/dispatcher.ts'
import type { Route } from './routing/route.ts'
import { createPastQueries } from './rules/past.ts'
import { createRoster } from './rules/roster.ts'
import type { LastChange, Rule } from './rules/rule.ts'
import type { Samples } from './rules/samples.ts'
import { type SeedStore, seedRunners } from './rules/seed.ts'
import { ruleStatus } from './rules/status.ts'
import { tolerateAlertRecords, tolerateNotificationRecords } from './tolerant.ts'

export type AlertsOptions = {
  readonly rules: readonly Rule[]
  readonly route: Route
  /** Every receiver that the route names. */
  readonly receivers: ReadonlyMap<string, Notifier>
  /** Recent samples: `live/`. */
  readonly samples: Samples
  /** Fills the rules' windows at the start and answers for what memory does not hold; left out, there is memory only. */
  readonly store?: SeedStore
  /** For rules that follow deployments. */
  readonly lastChange?: LastChange
  readonly records: AlertRecords
  readonly notifications: NotificationRecords
  readonly audit: AuditLog
  readonly clock: Clock
  readonly log: Log
  readonly emit: (event: StreamEvent) => void
  /** Takes the points of `alert_events`. */
  readonly push: (points: readonly Point[]) => Promise<unknown>
  /** The change that came before an alert, if one did. */
  readonly causeOf: (atMs: number, labels: Readonly<Record<string, string>>) => Cause | null
  readonly externalUrl: string
  readonly random?: () => number
  readonly newId?: () => string
}

const housekeepingEveryMs = 30_000
const keepHistoryForMs = 60 * 86_400_000

/** Evaluates the rules, keeps the alerts and sends the notifications. */
export function createAlerts(options: AlertsOptions): Alerts {
  const { clock, log } = options
  const records = tolerateAlertRecords(options.records, log)
  const notifications = tolerateNotificationRecords(options.notifications, log)
  const acknowledgements = createAcknowledgements(records, log)
  const board = createBoard({ ...options, records, acknowledgements, dispatch: (alert) => dispatcher.update(alert) })
  const roster = createRoster({
    ...options,
    ...(options.store && { past: createPastQueries({ store: options.store, clock }) }),
    lastChange: options.lastChange ?? (() => undefined),
    publish: board.publish,
  })
  const dispatcher = createDispatcher({
    ...options,
    root: options.route,
    records: notifications,
    random: options.random ?? Math.random,
    newId: options.newId ?? randomUUID,
    lookup: alertOf,
    lastEpisode: (id) => records.lastEpisode(id),
  })
  const actions = createActions({ ...options, records, acknowledgements, board, roster })
  let cancelHousekeeping = () => {}

  function alertOf(id: string) {
    const instance = roster.find(id)
    return instance && instance.state !== 'ok' ? board.view(instance) : undefined
  }

  function keepHouse(): void {
    cancelHousekeeping = clock.after(housekeepingEveryMs, keepHouse)
    records.seen(clock.now())
    actions.lapseAcknowledgements()
  }

  return {
    async start() {
      const restored = restoreInstances(records, clock.now())
      roster.fill(options.rules, restored)
      records.prune(clock.now() - keepHistoryForMs)
      if (options.store) await seedRunners(roster.runners(), options.store, clock.now(), log)
      // Alerts of rules that were taken out of the configuration end, and their receivers hear of it.
      board.publish(restored.filter(({ id }) => !roster.find(id)).map(toEnd), { stateReason: 'RuleDeleted' })
      dispatcher.start(roster.active().flatMap((instance) => (instance.firedAtMs === null ? [] : [board.view(instance)])))
      for (const runner of roster.runners()) runner.start()
      dispatcher.resume()
      keepHouse()
    },
    async stop() {
      cancelHousekeeping()
      for (const runner of roster.runners()) runner.stop()
      await dispatcher.stop()
      records.seen(clock.now())
    },
    rules: (): readonly RuleStatus[] => roster.runners().map(ruleStatus),
    list: (filter) => listAlerts(roster.active().map(board.view), records, filter, clock.now()),
    ...actions.forPeople,
  }
}
