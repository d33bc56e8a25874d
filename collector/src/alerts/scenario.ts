import type { z } from 'zod'
import { createFakeClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import type { Cause, Notification, Notifier, SendResult } from '../model/alert.ts'
import type { AlertRecords, NotificationRecords } from '../model/alert-records.ts'
import type { AuditLog } from '../model/audit.ts'
import type { StreamEvent } from '../model/event.ts'
import type { ForeignSource } from '../model/hook.ts'
import type { Point, Tags } from '../model/point.ts'
import type { SilenceRecords } from '../model/silence.ts'
import type { Alerts } from './alerts.ts'
import type { SearchStore } from './cause/related-series.ts'
import { createAlerts } from './engine.ts'
import { heartbeatSchema } from './routing/delivery/heartbeat.ts'
import { escalationSchema } from './routing/escalation/escalation-schema.ts'
import { inhibitRuleSchema } from './routing/tree/inhibition.ts'
import { routeSchema } from './routing/tree/route.ts'
import { namedIntervalSchema } from './routing/tree/time-interval-schema.ts'
import type { LastChange } from './rules/definition/rule.ts'
import { type RuleInput, ruleSchema } from './rules/definition/rule-schema.ts'
import type { SeedStore } from './rules/evaluation/seed.ts'
import { createFakeSamples } from './rules/samples/fake-samples.ts'
import type { AlertsSettings } from './settings.ts'

export type ScenarioOptions = {
  readonly records: {
    readonly alerts: AlertRecords
    readonly notifications: NotificationRecords
    readonly audit: AuditLog
    readonly silences: SilenceRecords
    readonly transaction?: (work: () => void) => void
  }
  readonly rules?: readonly RuleInput[]
  readonly route?: Parameters<typeof routeSchema.parse>[0]
  readonly store?: SeedStore
  readonly causeStore?: SearchStore
  readonly causeOf?: (atMs: number, labels: Tags) => Cause | null
  readonly lastChange?: LastChange
  readonly foreignSources?: readonly ForeignSource[]
  /** As in the configuration file. */
  readonly inhibitRules?: readonly unknown[]
  readonly timeIntervals?: readonly unknown[]
  readonly escalations?: readonly unknown[]
  readonly heartbeat?: z.input<typeof heartbeatSchema>
  /** Tries wait for their whole time where it is not given. */
  readonly random?: () => number
  /** What the receivers are like. */
  readonly receivers?: Pick<Notifier, 'needsRepeats' | 'hearsOfTaking'>
}

export const second = 1000
export const minute = 60_000

/** Fires when `load.value` of a host is above 90. */
export const hot: RuleInput = {
  name: 'Hot',
  source: { measurement: 'load', field: 'value' },
  condition: { above: 90 },
  severity: 'high',
  window: '1m',
}

/**
 * A night in a millisecond: the whole engine on a clock that stands still, with samples pushed by
 * hand and a receiver that keeps what it is sent and answers what it is told to.
 */
export function createScenario(options: ScenarioOptions) {
  const { records, rules = [hot], route = { receiver: 'ops' }, store, causeOf = () => null } = options
  const clock = createFakeClock(Date.UTC(2026, 0, 1))
  const fake = createFakeSamples()
  const ops = createRecordingReceiver(clock.monotonic)
  const events: StreamEvent[] = []
  const points: Point[] = []
  const { inhibitRules = [], escalations = [] } = options
  let config = { rules, route, inhibitRules, escalations, receivers: ['ops', 'pager', 'boss'] as readonly string[] }
  let counter = 0
  let life: { isOver: boolean }
  let alerts = create()

  function settings(): AlertsSettings {
    return {
      rules: config.rules.map((rule) => ruleSchema.parse(rule)),
      route: routeSchema.parse(config.route),
      inhibitRules: config.inhibitRules.map((rule) => inhibitRuleSchema.parse(rule)),
      ...(options.heartbeat && { heartbeat: heartbeatSchema.parse(options.heartbeat) }),
      escalations: config.escalations.map((chain) => escalationSchema.parse(chain)),
      timeIntervals: (options.timeIntervals ?? []).map((interval) => namedIntervalSchema.parse(interval)),
      receivers: new Map(config.receivers.map((name) => [name, { ...ops, ...options.receivers }])),
    }
  }

  function create(): Alerts {
    const own = { isOver: false }
    life = own
    return createAlerts({
      ...settings(),
      ...(options.foreignSources && { foreignSources: options.foreignSources }),
      samples: fake.samples,
      store,
      records: { ...records.alerts, commit: whileIn(own, records.alerts.commit), seen: whileIn(own, records.alerts.seen) },
      notifications: { ...records.notifications, commit: whileIn(own, records.notifications.commit) },
      audit: records.audit,
      silenceRecords: records.silences,
      ...(records.transaction && { transaction: records.transaction }),
      clock,
      log: silentLog,
      emit: (event) => events.push(event),
      push: async (fresh) => points.push(...fresh),
      causeOf,
      ...(options.causeStore && { causeStore: options.causeStore }),
      ...(options.lastChange && { lastChange: options.lastChange }),
      externalUrl: 'http://127.0.0.1:8484',
      random: options.random ?? (() => 1),
      newId: () => `n${counter++}`,
    })
  }

  return {
    clock,
    events,
    points,
    start: () => alerts.start(),
    /** Stops and starts anew, with another configuration if one is given, after an absence. */
    async restart(awayMs = 0, changed: Partial<typeof config> = {}): Promise<void> {
      await alerts.stop()
      await clock.advance(awayMs)
      config = { ...config, ...changed }
      alerts = create()
      await alerts.start()
    },
    /** Goes on with another configuration. */
    reload(changed: Partial<typeof config> = {}) {
      config = { ...config, ...changed }
      return alerts.reconfigure(settings())
    },
    /** Leaves the process without a goodbye: what it had in memory is gone. */
    async crash(): Promise<void> {
      life.isOver = true
      void alerts.stop()
      alerts = create()
      await alerts.start()
    },
    alerts: (): Alerts => alerts,
    samples: fake.samples,
    push: (value: number, tags: Tags = { host: 'a' }) => fake.push('load', 'value', tags, clock.now(), value),
    pushAs: (measurement: string, field: string, tags: Tags, value: number) => fake.push(measurement, field, tags, clock.now(), value),
    /** One sample every ten seconds for as long as said. */
    async hold(value: number, forMs: number, tags: Tags = { host: 'a' }): Promise<void> {
      for (let passedMs = 0; passedMs < forMs; passedMs += 10 * second) {
        fake.push('load', 'value', tags, clock.now(), value)
        await clock.advance(10 * second)
      }
    },
    answerWith: ops.answerWith,
    /** What the receivers got, in short: `+30s ops: a firing (first notification)`. */
    sent: () => ops.sent.map(({ atMs, notification }) => `+${atMs / second}s ${textOf(notification)}`),
    notifications: () => ops.sent.map(({ notification }) => notification),
    states: () => alerts.list({ limit: 100 }).alerts.map(({ labels, state }) => `${labels.host ?? labels.alertname} ${state}`),
  }
}

/** What a process that is gone has under way comes to nothing. */
function whileIn<Given extends readonly unknown[]>(life: { readonly isOver: boolean }, write: (...given: Given) => void) {
  return (...given: Given): void => {
    if (life.isOver) throw new Error('the process is gone')
    write(...given)
  }
}

export type Scenario = ReturnType<typeof createScenario>

export async function startScenario(options: ScenarioOptions): Promise<Scenario> {
  const scenario = createScenario(options)
  await scenario.start()
  return scenario
}

/** Keeps what it is sent, and answers yes until it is told otherwise. */
function createRecordingReceiver(passedMs: () => number) {
  const sent: { atMs: number; notification: Notification }[] = []
  let answer: Notifier['send'] = async () => ({ ok: true })
  return {
    sent,
    send(notification: Notification, signal: AbortSignal): Promise<SendResult> {
      sent.push({ atMs: passedMs(), notification })
      return answer(notification, signal)
    },
    answerWith(next: Notifier['send']): void {
      answer = next
    },
  }
}

function textOf({ receiver, alerts, reason }: Notification): string {
  const names = alerts.map(({ labels, state }) => `${labels.host ?? labels.alertname} ${state === 'resolved' ? 'resolved' : 'firing'}`)
  return `${receiver}: ${names.join(', ')} (${reason})`
}
