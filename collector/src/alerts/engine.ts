import type { RuleStatus } from '../contract/alerts.ts'
import { createJumpWatch } from '../lib/clock.ts'
import type { Alert } from '../model/alert.ts'
import type { AlertInstance } from '../model/alert-records.ts'
import type { AlertFilter, Alerts, CountFilter } from './alerts.ts'
import { awayBefore, restoreInstances, toEnd } from './board/restore.ts'
import { countAlerts, listAlerts } from './history/list.ts'
import { withRules } from './history/named-deliveries.ts'
import { noisePerRule } from './history/noise.ts'
import { type AlertsOptions, createParts, type Parts } from './parts.ts'
import { receiverFailing } from './routing/delivery/receiver-watch.ts'
import type { PreparedRules } from './rules/evaluation/roster.ts'
import { readyRunners, seedRunners } from './rules/evaluation/seed.ts'
import { ruleStatus } from './rules/evaluation/status.ts'
import type { AlertsSettings } from './settings.ts'

const housekeepingEveryMs = 30_000
const keepHistoryForMs = 60 * 86_400_000
const pruneEveryMs = 3_600_000
/** Episodes, and notifications, behind the figures of noise. */
const noiseLooksAtMax = 100_000

/** Evaluates the rules, keeps the alerts and sends the notifications. */
export function createAlerts(options: AlertsOptions): Alerts {
  const { clock } = options
  const parts = createParts(options)
  const { records, notifications, desk, roster, catalogue, board, foreign, outbound, actions, marks, trends, courses } = parts
  const jumped = createJumpWatch(clock)
  let cancelHousekeeping = () => {}
  let prunedAtMs = Number.NEGATIVE_INFINITY
  let isRunning = false

  function list(filter: AlertFilter) {
    const { alerts, total } = listAlerts({ active: activeOf(filter), view: board.view, records, nowMs: clock.now() }, filter)
    const withTrend = (alert: Alert, recent = trends.of(alert.id)) => (alert.endsAt === null && recent ? { ...alert, recent } : alert)
    return { alerts: alerts.map((alert) => withTrend(marks.marked(alert))), total }
  }

  /** Those a filter may choose from; a few that are named are found without looking at all others. */
  function activeOf({ ids }: CountFilter): readonly AlertInstance[] {
    if (ids === undefined) return catalogue.active()
    return [...new Set(ids)].flatMap((id) => {
      const instance = catalogue.find(id)
      return instance && instance.state !== 'ok' ? [instance] : []
    })
  }

  /** Otherwise the next process would take the times of before for times of now, and end what fires, or fire what is pending. */
  function saveMoved(): void {
    for (const runner of roster.runners()) runner.catchUp()
    records.commit({ save: catalogue.active(), remove: [], ended: [] })
  }

  function keepHouse(): void {
    cancelHousekeeping = clock.after(housekeepingEveryMs, keepHouse)
    if (jumped() !== 0) saveMoved()
    records.seen(clock.now())
    actions.lapseAcknowledgements()
    foreign.age()
    if (clock.monotonic() - prunedAtMs >= pruneEveryMs) prune()
  }

  /** Lets go of what is long over. */
  function prune(): void {
    prunedAtMs = clock.monotonic()
    records.prune(clock.now() - keepHistoryForMs)
    desk.prune(clock.now() - keepHistoryForMs)
    marks.reload()
  }

  return {
    async start() {
      const awayMs = awayBefore(records, clock.now())
      const restored = restoreInstances(records, clock.now())
      takeUp(options, parts, restored)
      await seedRunners(roster.runners(), options)
      endLost(parts, restored)
      outbound.start(parts.firing())
      isRunning = true
      board.together(() => {
        for (const runner of roster.runners()) {
          runner.missed(awayMs)
          runner.start()
        }
      })
      outbound.resume()
      parts.explain.resume(restored)
      trends.start()
      courses.start()
      keepHouse()
    },
    async reconfigure(next) {
      const prepared = roster.prepare(next.rules)
      const unseeded = await readyRunners(prepared.fresh, options)
      if (isRunning) enact(parts, prepared, next)
      else prepared.drop()
      return { unseeded }
    },
    async stop() {
      isRunning = false
      cancelHousekeeping()
      trends.stop()
      courses.stop()
      parts.lookBack.stop()
      parts.explain.stop()
      for (const runner of roster.runners()) runner.stop()
      await outbound.stop()
      records.seen(clock.now())
    },
    rules: (): readonly RuleStatus[] => roster.runners().map(ruleStatus),
    list,
    count: (filter) => countAlerts({ active: activeOf(filter), nowMs: clock.now() }, filter),
    ...parts.judgements,
    ...actions.forPeople,
    mark: marks.mark,
    noise(range) {
      const { alerts } = list({ past: true, fired: true, range, limit: noiseLooksAtMax })
      const { deliveries: sent } = notifications.deliveries({ fromMs: range.from, toMs: range.to, outcome: 'sent', limit: noiseLooksAtMax })
      return noisePerRule({ alerts, sent, range, nowMs: clock.now() })
    },
    receive: foreign.receive,
    silences: desk.forPeople,
    deliveries(filter) {
      const { deliveries, total } = notifications.deliveries(filter)
      return { deliveries: withRules(deliveries, (id) => (catalogue.find(id) ?? records.lastEpisode(id))?.rule), total }
    },
    groups: outbound.groups,
    firingIn: outbound.firingIn,
    receiverWatch: outbound.watch,
    checkAcknowledgeLink: outbound.checkLink,
    receivers: () => [...parts.settings().receivers.keys()],
  }
}

/** Gives the alerts of an earlier process to the rules of this one. */
function takeUp({ rules }: AlertsOptions, { ownAlerts, foreign, roster }: Parts, restored: readonly AlertInstance[]): void {
  const ours = restored.filter(({ source }) => source === undefined)
  roster.fill(rules, ours)
  foreign.restore(restored.filter(({ source }) => source !== undefined))
  ownAlerts.restore(ours.filter(({ rule }) => rule === receiverFailing))
}

/** In one go, so that no sample, no alert and no tick falls between the settings before and these. */
function enact(parts: Parts, prepared: PreparedRules, next: AlertsSettings): void {
  parts.board.together(() => {
    parts.use(next)
    parts.outbound.renew(parts.firing())
    endLost(parts, prepared.enact())
  })
}

/** Alerts that the rules as they are now cannot have end, and their receivers hear of it. */
function endLost({ settings, board, catalogue }: Parts, left: readonly AlertInstance[]): void {
  const lost = left.filter(({ id }) => !catalogue.find(id))
  const isKnown = ({ rule }: AlertInstance) => settings().rules.some(({ name }) => name === rule)
  board.publish(lost.filter((instance) => !isKnown(instance)).map(toEnd), { stateReason: 'RuleDeleted' })
  board.publish(lost.filter(isKnown).map(toEnd), { stateReason: 'Updated' })
}
