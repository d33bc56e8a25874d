import { randomUUID } from 'node:crypto'
import type { RuleStatus } from '../contract/alerts.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Alert, Cause, Notifier } from '../model/alert.ts'
import type { AlertInstance, AlertRecords, NotificationRecords } from '../model/alert-records.ts'
import type { AuditLog } from '../model/audit.ts'
import type { StreamEvent } from '../model/event.ts'
import type { Point } from '../model/point.ts'
import { createAcknowledgements } from './acknowledgements.ts'
import { createActions } from './actions.ts'
import { calm } from './advance.ts'
import type { AlertFilter, Alerts } from './alerts.ts'
import { createBoard } from './board.ts'
import { createDispatcher } from './dispatcher.ts'
import { evaluateMeasured, type Instances, type Transition } from './evaluate.ts'
import type { Route } from './route.ts'
import type { Rule } from './rule.ts'
import { createRunner, type Runner } from './runner.ts'
import type { Samples } from './samples.ts'
import { type SeedStore, seedRunners } from './seed.ts'
import { selfRule } from './self-rule.ts'
import { ruleStatus } from './status.ts'
import { tolerateAlertRecords, tolerateNotificationRecords } from './tolerant.ts'
import { byUrgency, matchesFilter } from './view.ts'

export type AlertsOptions = {
  readonly rules: readonly Rule[]
  readonly route: Route
  /** Every receiver that the route names. */
  readonly receivers: ReadonlyMap<string, Notifier>
  /** Recent samples: `live/`. */
  readonly samples: Samples
  /** Fills the rules' windows at the start; left out, they fill as samples come. */
  readonly store?: SeedStore
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

const restorePendingForMs = 3_600_000
const housekeepingEveryMs = 30_000
const keepHistoryForMs = 60 * 86_400_000
const historyMax = 10_000

/** Evaluates the rules, keeps the alerts and sends the notifications. */
export function createAlerts(options: AlertsOptions): Alerts {
  const { clock, log, rules } = options
  const records = tolerateAlertRecords(options.records, log)
  const acknowledgements = createAcknowledgements(records)
  const runners = new Map<string, Runner>()
  const failing = new Map<string, string>()
  let ownInstances: Instances = new Map()
  let cancelHousekeeping = () => {}

  const board = createBoard({ ...options, records, acknowledgements, instanceOf, dispatch: (alert) => dispatcher.update(alert) })
  const dispatcher = createDispatcher({
    root: options.route,
    receivers: options.receivers,
    records: tolerateNotificationRecords(options.notifications, log),
    clock,
    log,
    random: options.random ?? Math.random,
    newId: options.newId ?? randomUUID,
    externalUrl: options.externalUrl,
    lookup: board.alertOf,
    lastEpisode: (id) => records.lastEpisode(id),
  })
  const actions = createActions({ ...options, records, acknowledgements, board, instanceOf, forget })

  function instanceOf(id: string): AlertInstance | undefined {
    const own = ownInstances.get(id)
    if (own) return own
    for (const runner of runners.values()) {
      const found = runner.instances().get(id)
      if (found) return found
    }
    return undefined
  }

  function forget(instance: AlertInstance): void {
    runners.get(instance.rule)?.drop(instance.id)
    ownInstances = new Map([...ownInstances].filter(([id]) => id !== instance.id))
  }

  function activeAlerts(): readonly Alert[] {
    const groups = [ownInstances, ...[...runners.values()].map((runner) => runner.instances())]
    return groups.flatMap((instances) => [...instances.values()].filter(({ state }) => state !== 'ok').map(board.view))
  }

  /** Keeps the alert about failing rules in step with them. */
  function onOutcome(rule: Rule, error: string | null): void {
    const before = failing.get(rule.name)
    if (error === null) failing.delete(rule.name)
    else failing.set(rule.name, error)
    if (before === (error ?? undefined)) return
    if (error !== null) log.error({ rule: rule.name, error }, 'rule cannot be evaluated; its alerts stay as they were')
    const measured = [{ tags: { source: 'memory' }, value: failing.size, samples: 1 }]
    const evaluation = evaluateMeasured(selfRule(failing), measured, ownInstances, { nowMs: clock.now(), isWindowKnown: true })
    if (!evaluation.ok) return
    ownInstances = evaluation.instances
    const completed = board.publish(evaluation.transitions)
    ownInstances = new Map([...ownInstances, ...completed.map((instance) => [instance.id, instance] as const)])
  }

  /** After an absence of over an hour nobody knows whether a pending condition held all the time. */
  function restore(): readonly AlertInstance[] {
    const lastSeenMs = records.lastSeenMs()
    const wasAway = lastSeenMs === null || clock.now() - lastSeenMs > restorePendingForMs
    const saved = records.instances()
    const kept = saved.filter(({ state }) => !(wasAway && state === 'pending'))
    if (kept.length < saved.length) {
      records.commit({ save: [], remove: saved.filter((one) => !kept.includes(one)).map(({ id }) => id), ended: [] })
    }
    return kept
  }

  function createRunners(restored: readonly AlertInstance[]): void {
    const onTransitions = (_rule: Rule, transitions: readonly Transition[]) => board.publish(transitions)
    for (const rule of rules) {
      const own = restored.filter((instance) => instance.rule === rule.name)
      runners.set(rule.name, createRunner({ rule, samples: options.samples, clock, restored: own, onTransitions, onOutcome }))
    }
    ownInstances = new Map(restored.filter(({ rule }) => rule === selfRule(failing).name).map((instance) => [instance.id, instance]))
  }

  /** Alerts of rules that were taken out of the configuration end, and their receivers hear of it. */
  function endOrphans(restored: readonly AlertInstance[]): void {
    const orphans = restored.filter(({ id }) => !instanceOf(id))
    const transitions = orphans.map((before) => ({
      from: before.state,
      to: 'ok' as const,
      before,
      instance: { ...before, ...calm },
    }))
    if (transitions.length > 0) board.publish(transitions, { stateReason: 'RuleDeleted' })
  }

  function keepHouse(): void {
    cancelHousekeeping = clock.after(housekeepingEveryMs, keepHouse)
    records.seen(clock.now())
    for (const id of acknowledgements.lapsed(instanceOf, clock.now())) actions.lapse(id)
  }

  return {
    async start() {
      const restored = restore()
      createRunners(restored)
      records.prune(clock.now() - keepHistoryForMs)
      if (options.store) await seedRunners([...runners.values()], options.store, clock.now(), log)
      endOrphans(restored)
      dispatcher.start(activeAlerts().filter(({ id }) => instanceOf(id)?.firedAtMs !== null))
      for (const runner of runners.values()) runner.start()
      dispatcher.resume()
      keepHouse()
    },
    async stop() {
      cancelHousekeeping()
      for (const runner of runners.values()) runner.stop()
      await dispatcher.stop()
      records.seen(clock.now())
    },
    rules: (): readonly RuleStatus[] => [...runners.values()].map(ruleStatus),
    list(filter: AlertFilter) {
      const active = activeAlerts().toSorted(byUrgency)
      const range = { fromMs: filter.range?.from ?? 0, toMs: filter.range?.to ?? clock.now() + 1 }
      const wantsPast = filter.past || filter.states?.includes('resolved')
      const past = wantsPast ? records.history(range, historyMax) : []
      const found = [...active, ...past].filter((alert) => matchesFilter(alert, filter))
      const offset = filter.offset ?? 0
      return { alerts: found.slice(offset, offset + filter.limit), total: found.length }
    },
    acknowledge: actions.acknowledge,
    unacknowledge: actions.unacknowledge,
    resolve: actions.resolve,
    testReceiver: actions.testReceiver,
  }
}
