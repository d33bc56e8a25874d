import { randomBytes, randomUUID } from 'node:crypto'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Alert, Cause } from '../model/alert.ts'
import type { AlertRecords, NotificationRecords } from '../model/alert-records.ts'
import type { AuditLog } from '../model/audit.ts'
import type { StreamEvent } from '../model/event.ts'
import type { ForeignSource } from '../model/hook.ts'
import type { Point } from '../model/point.ts'
import type { SilenceRecords } from '../model/silence.ts'
import { createAcknowledgements } from './board/acknowledgements.ts'
import { createActions } from './board/actions.ts'
import { createBoard } from './board/board.ts'
import { createMarks } from './board/marks.ts'
import { createCatalogue } from './catalogue.ts'
import { createExplain } from './cause/explain.ts'
import { createLookBack } from './cause/look-back.ts'
import type { SearchStore } from './cause/related-series.ts'
import { createCourses } from './courses/courses.ts'
import { createTrends } from './courses/trends.ts'
import { createForeignAlerts } from './foreign/foreign-alerts.ts'
import { createJudgements } from './judgements.ts'
import { createOwnAlerts } from './own-alerts.ts'
import { createSharedWrites } from './routing/delivery/shared-writes.ts'
import { createFlapping, flappingSchema } from './routing/groups/flapping.ts'
import { createOutbound } from './routing/outbound.ts'
import { createSuppression } from './routing/tree/suppression.ts'
import type { LastChange } from './rules/definition/rule.ts'
import { limitOf, unitOf } from './rules/evaluation/describe.ts'
import { createRoster } from './rules/evaluation/roster.ts'
import type { SeedStore } from './rules/evaluation/seed.ts'
import { isEvaluating } from './rules/evaluation/status.ts'
import { createPastQueries } from './rules/samples/past.ts'
import type { Samples } from './rules/samples/samples.ts'
import type { AlertsSettings } from './settings.ts'
import { createSilenceDesk } from './silences/desk.ts'
import { type Transaction, tolerateAlertRecords, tolerateNotificationRecords, tolerateTransaction } from './tolerant.ts'

export type AlertsOptions = AlertsSettings & {
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
  /** Of both; left out: each write by itself. */
  readonly transaction?: Transaction
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
  /** Other systems whose alerts are taken. */
  readonly foreignSources?: readonly ForeignSource[]
  /** Signs links in notifications; left out, they do not outlive the process. */
  readonly signingKey?: Uint8Array
  readonly random?: () => number
  readonly newId?: () => string
}

const silenceLongestByDefaultMs = 30 * 86_400_000
const silencesMaxByDefault = 10_000
const flappingByDefault = flappingSchema.parse({})
/** Alerts that no rule evaluates change at their own times. */
const ownEveryMs = 10_000
/** Episodes that a digest is made from. */
const lookedAtMax = 100_000

/** Builds the parts of the engine: they know each other only by what each is given here. */
export function createParts(options: AlertsOptions) {
  const { clock, log } = options
  let inForce: AlertsSettings = options
  const settings = () => inForce
  const records = tolerateAlertRecords(options.records, log)
  const strictly = options.transaction ?? ((work) => work())
  const transaction = tolerateTransaction(strictly, log)
  const notifications = createSharedWrites({ records: tolerateNotificationRecords(options.notifications, log), transaction, clock })
  // What people do is done when it is written, and refused when it cannot be.
  const acknowledgements = createAcknowledgements({ records, transaction: strictly, clock, log })
  const newId = options.newId ?? randomUUID
  const desk = createSilenceDesk({
    ...{ ...options, alertRecords: records, newId },
    active: () => catalogue.active(),
    view: (instance) => board.view(instance),
    longestMs: () => inForce.silenceLongestMs ?? silenceLongestByDefaultMs,
    atOnceMax: () => inForce.silencesMax ?? silencesMaxByDefault,
  })
  const suppression = createSuppression({ settings, silencedBy: desk.silencedBy, clock })
  const flapping = createFlapping({
    settings: () => inForce.flapping ?? flappingByDefault,
    clock,
    everyMsOf: (name) => roster.rule(name)?.everyMs ?? ownEveryMs,
  })
  const lookBack = createLookBack(clock)
  const board = createBoard({
    isFlapping: flapping.isFlapping,
    ...options,
    records,
    acknowledgements,
    suppressionOf: suppression.of,
    transaction,
    dispatch(alert) {
      if (!foreign.isTold(alert)) return
      if (alert.state === 'resolved') {
        const endedAtMs = clock.now()
        lookBack.plan(() => courses.look(alert, endedAtMs))
      }
      outbound.update(alert)
    },
    deliver: () => outbound.deliver(),
    // What was measured for an alert of others, they know.
    onFiring(instance) {
      if (instance.source !== undefined) return
      lookBack.plan(() => {
        courses.look(instance, null)
        explain.start(instance)
      })
    },
  })
  const ownAlerts = createOwnAlerts({ clock, publish: board.publish })
  const lastEpisode = (id: string) => records.lastEpisode(id)
  const foreign = createForeignAlerts({ ...options, sources: options.foreignSources ?? [], publish: board.publish, lastEpisode })
  const roster = createRoster({
    ...options,
    ...(options.store && { past: createPastQueries({ store: options.store, clock }) }),
    lastChange: options.lastChange ?? (() => undefined),
    publish: board.publish,
    together: board.together,
  })
  const explain = createExplain({ ...options, records, roster, board })
  const catalogue = createCatalogue([roster, ownAlerts, foreign])
  const courses = createCourses({ clock, log, store: options.causeStore, ruleOf: roster.rule, active: catalogue.active })
  const outbound = createOutbound({
    ...options,
    settings,
    drawn(alert) {
      const rule = alert.source === undefined ? roster.rule(alert.rule) : undefined
      return { ...courses.drawn(alert), ...(rule && { limit: limitOf(rule), unit: unitOf(rule) }) }
    },
    cooldownMsOf: (name) => roster.rule(name)?.cooldownMs ?? 0,
    ...{ records: notifications, newId, suppression, flapping, ownAlerts, lookup: alertOf },
    random: options.random ?? Math.random,
    signingKey: options.signingKey ?? randomBytes(32),
    works: () => isEvaluating(roster.runners(), clock.monotonic()),
    onJoined: (ids) => actions.lapseJoined(ids),
    lastEpisode,
    firing,
    ended: (range) => records.history(range, lookedAtMax).filter(foreign.isTold),
  })
  const actions = createActions({ ...options, settings, records, acknowledgements, board, roster: catalogue, onTaking: outbound.onTaking })
  const judgements = createJudgements({ roster, suppressionOf: suppression.of })
  const marks = createMarks({ records, audit: options.audit, clock, activeOf: alertOf })
  const trends = createTrends({ clock, active: catalogue.active })

  function alertOf(id: string) {
    const instance = catalogue.find(id)
    return instance && instance.state !== 'ok' ? board.view(instance) : undefined
  }

  /** Alerts that receivers are to hear of. */
  function firing(): readonly Alert[] {
    return catalogue
      .active()
      .flatMap((instance) => (instance.firedAtMs === null || !foreign.isTold(instance) ? [] : [board.view(instance)]))
  }

  return {
    settings,
    /** From now on these are in force; whoever remembers something of those before must be told. */
    use(next: AlertsSettings): void {
      inForce = next
    },
    firing,
    records,
    notifications,
    desk,
    board,
    ownAlerts,
    foreign,
    roster,
    explain,
    lookBack,
    catalogue,
    outbound,
    actions,
    judgements,
    marks,
    trends,
    courses,
  }
}

export type Parts = ReturnType<typeof createParts>
