import { randomBytes, randomUUID } from 'node:crypto'
import type { RuleStatus } from '../contract/alerts.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Alert, Cause, Notifier } from '../model/alert.ts'
import type { AlertRecords, NotificationRecords } from '../model/alert-records.ts'
import type { AuditLog } from '../model/audit.ts'
import type { StreamEvent } from '../model/event.ts'
import type { Point } from '../model/point.ts'
import type { SilenceRecords } from '../model/silence.ts'
import { createAcknowledgements } from './acknowledgements.ts'
import { createActions } from './actions.ts'
import type { AlertFilter, Alerts } from './alerts.ts'
import { createBoard } from './board.ts'
import { createCatalogue } from './catalogue.ts'
import { createExplain } from './cause/explain.ts'
import type { SearchStore } from './cause/related-series.ts'
import { listAlerts } from './list.ts'
import { createMarks } from './marks.ts'
import { noisePerRule } from './noise.ts'
import { createOwnAlerts } from './own-alerts.ts'
import { restoreInstances, toEnd } from './restore.ts'
import type { Escalation } from './routing/escalation-schema.ts'
import { createFlapping, type FlappingSettings, flappingSchema } from './routing/flapping.ts'
import type { HeartbeatOptions } from './routing/heartbeat.ts'
import type { InhibitRule } from './routing/inhibition.ts'
import { createOutbound } from './routing/outbound.ts'
import { receiverFailing } from './routing/receiver-watch.ts'
import type { Route } from './routing/route.ts'
import { createSuppression } from './routing/suppression.ts'
import type { NamedInterval } from './routing/time-interval-schema.ts'
import { createPastQueries } from './rules/past.ts'
import { createRoster } from './rules/roster.ts'
import type { LastChange, Rule } from './rules/rule.ts'
import type { Samples } from './rules/samples.ts'
import { type SeedStore, seedRunners } from './rules/seed.ts'
import { isEvaluating, ruleStatus } from './rules/status.ts'
import { createSilenceDesk } from './silences/desk.ts'
import { tolerateAlertRecords, tolerateNotificationRecords } from './tolerant.ts'
import { createTrends } from './trends.ts'

export type AlertsOptions = {
  readonly rules: readonly Rule[]
  readonly route: Route
  /** Every receiver that the route names. */
  readonly receivers: ReadonlyMap<string, Notifier>
  /** Recent samples: `live/`. */
  readonly samples: Samples
  /** Fills the rules' windows at the start and answers for what memory does not hold; left out, there is memory only. */
  readonly store?: SeedStore
  /** Searched for what moved before an alert; left out: nobody looks. */
  readonly causeStore?: SearchStore
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
  readonly silenceRecords: SilenceRecords
  /** What else keeps alerts from receivers, and for how long a silence may. */
  readonly inhibitRules?: readonly InhibitRule[]
  readonly timeIntervals?: readonly NamedInterval[]
  readonly silenceLongestMs?: number
  readonly escalations?: readonly Escalation[]
  readonly flapping?: FlappingSettings
  /** Whom to tell that rules are evaluated. */
  readonly heartbeat?: HeartbeatOptions['settings']
  /** Signs links in notifications; left out, they do not outlive the process. */
  readonly signingKey?: Uint8Array
  readonly random?: () => number
  readonly newId?: () => string
}

/** Alerts that no rule evaluates change at their own times. */
const ownEveryMs = 10_000
const housekeepingEveryMs = 30_000
const keepHistoryForMs = 60 * 86_400_000
/** Episodes, and notifications, behind the figures of noise. */
const noiseLooksAtMax = 100_000

/** Evaluates the rules, keeps the alerts and sends the notifications. */
export function createAlerts(options: AlertsOptions): Alerts {
  const { clock, log } = options
  const records = tolerateAlertRecords(options.records, log)
  const notifications = tolerateNotificationRecords(options.notifications, log)
  const acknowledgements = createAcknowledgements(records, log)
  const newId = options.newId ?? randomUUID
  const desk = createSilenceDesk({ ...options, alertRecords: records, newId, active: () => catalogue.active().map(board.view) })
  const suppression = createSuppression({
    root: options.route,
    inhibitRules: options.inhibitRules ?? [],
    timeIntervals: options.timeIntervals ?? [],
    silencedBy: desk.silencedBy,
    clock,
  })
  const flapping = createFlapping({
    settings: options.flapping ?? flappingSchema.parse({}),
    clock,
    everyMsOf: (name) => roster.rule(name)?.everyMs ?? ownEveryMs,
  })
  const board = createBoard({
    isFlapping: flapping.isFlapping,
    ...options,
    records,
    acknowledgements,
    suppressionOf: suppression.of,
    dispatch: (alert) => outbound.update(alert),
    onFiring: (instance) => explain.start(instance),
  })
  const ownAlerts = createOwnAlerts({ clock, publish: board.publish })
  const roster = createRoster({
    ...options,
    ...(options.store && { past: createPastQueries({ store: options.store, clock }) }),
    lastChange: options.lastChange ?? (() => undefined),
    publish: board.publish,
    together: board.together,
  })
  const explain = createExplain({ ...options, records, roster, board })
  const catalogue = createCatalogue([roster, ownAlerts])
  const outbound = createOutbound({
    ...options,
    cooldownMsOf: (name) => roster.rule(name)?.cooldownMs ?? 0,
    ...{ records: notifications, newId, suppression, flapping, ownAlerts, lookup: alertOf },
    random: options.random ?? Math.random,
    signingKey: options.signingKey ?? randomBytes(32),
    works: () => isEvaluating(roster.runners(), clock.now()),
    onJoined: (ids) => actions.lapseJoined(ids),
    lastEpisode: (id) => records.lastEpisode(id),
  })
  const actions = createActions({ ...options, records, acknowledgements, board, roster: catalogue })
  const marks = createMarks({ records, audit: options.audit, clock, activeOf: alertOf })
  const trends = createTrends({ clock, active: catalogue.active })
  let cancelHousekeeping = () => {}

  function alertOf(id: string) {
    const instance = catalogue.find(id)
    return instance && instance.state !== 'ok' ? board.view(instance) : undefined
  }

  function list(filter: AlertFilter) {
    const { alerts, total } = listAlerts(catalogue.active().map(board.view), records, filter, clock.now())
    const withTrend = (alert: Alert, recent = trends.of(alert.id)) => (alert.endsAt === null && recent ? { ...alert, recent } : alert)
    return { alerts: alerts.map((alert) => withTrend(marks.marked(alert))), total }
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
      ownAlerts.restore(restored.filter(({ rule }) => rule === receiverFailing))
      records.prune(clock.now() - keepHistoryForMs)
      desk.prune(clock.now() - keepHistoryForMs)
      if (options.store) await seedRunners(roster.runners(), options.store, clock.now(), log)
      // Alerts that the rules as they are now cannot have end, and their receivers hear of it.
      const lost = restored.filter(({ id }) => !catalogue.find(id))
      const isKnown = ({ rule }: { rule: string }) => options.rules.some(({ name }) => name === rule)
      board.publish(lost.filter((instance) => !isKnown(instance)).map(toEnd), { stateReason: 'RuleDeleted' })
      board.publish(lost.filter(isKnown).map(toEnd), { stateReason: 'Updated' })
      outbound.start(catalogue.active().flatMap((instance) => (instance.firedAtMs === null ? [] : [board.view(instance)])))
      for (const runner of roster.runners()) runner.start()
      outbound.resume()
      trends.start()
      keepHouse()
    },
    async stop() {
      cancelHousekeeping()
      trends.stop()
      explain.stop()
      for (const runner of roster.runners()) runner.stop()
      await outbound.stop()
      records.seen(clock.now())
    },
    rules: (): readonly RuleStatus[] => roster.runners().map(ruleStatus),
    list,
    ...actions.forPeople,
    mark: marks.mark,
    noise(range) {
      const { alerts } = list({ past: true, range, limit: noiseLooksAtMax })
      const { deliveries: sent } = notifications.deliveries({ fromMs: range.from, toMs: range.to, outcome: 'sent', limit: noiseLooksAtMax })
      return noisePerRule({ alerts, sent, range, nowMs: clock.now() })
    },
    silences: desk.forPeople,
    deliveries: notifications.deliveries,
    groups: outbound.groups,
    checkAcknowledgeLink: outbound.checkLink,
    receivers: () => [...options.receivers.keys()],
  }
}
