import { type Clock, createEarlierTimes } from '../../../lib/clock.ts'
import type { Alert, Severity } from '../../../model/alert.ts'
import type { NotificationRecords, NotifyEntry } from '../../../model/alert-records.ts'
import { isMoreSevere } from '../../severity.ts'
import { isOtherEpisode } from './decide.ts'
import type { AlertLookup } from './group.ts'

export type CooldownsOptions = {
  readonly records: NotificationRecords
  readonly clock: Clock
  readonly cooldownMsOf: (rule: string) => number
  /** How an alert's last episode ended. */
  readonly lastEpisode: AlertLookup
}

/** `atMs` is by the clock that only ever goes on. */
type Told = { readonly atMs: number; readonly severity: Severity | null }

/** Tries of one receiver that are looked at to find when it was last told of an alert. */
const lookedAtMax = 20

/**
 * Keeps a new episode of an alert from a receiver that was told of an earlier one a short while ago,
 * unless it is more severe. When it last was told stands in the delivery log.
 */
export function createCooldowns({ records, clock, cooldownMsOf, lastEpisode }: CooldownsOptions) {
  const told = new Map<string, Told>()
  const toMonotonic = createEarlierTimes(clock)

  function lastTold(receiver: string, alertId: string): Told {
    const key = `${receiver} ${alertId}`
    const known = told.get(key)
    if (known) return known
    const { deliveries } = records.deliveries({ receiver, alertId, outcome: 'sent', limit: lookedAtMax })
    const { endsAt, severity = null } = lastEpisode(alertId) ?? {}
    // What was told of it later told of its end, beside others that fire.
    const endedMs = endsAt ? Date.parse(endsAt) : Number.POSITIVE_INFINITY
    const atMs = deliveries.find((row) => row.status === 'firing' && row.atMs < endedMs)?.atMs
    const found = { atMs: atMs === undefined ? Number.NEGATIVE_INFINITY : toMonotonic(atMs), severity }
    told.set(key, found)
    return found
  }

  return {
    holds(receiver: string, { id, rule, severity, state, startsAt }: Alert, entry: NotifyEntry | undefined): boolean {
      const cooldownMs = cooldownMsOf(rule)
      if (cooldownMs === 0 || state === 'resolved') return false
      const known = entry?.firing[id]
      if (known && !isOtherEpisode(known, { startsAt })) return false
      const last = lastTold(receiver, id)
      const isWorse = last.severity !== null && isMoreSevere(severity, last.severity)
      return !isWorse && clock.monotonic() - last.atMs < cooldownMs
    },
    onTold(receiver: string, alerts: readonly Alert[]): void {
      for (const { id, rule, severity, state } of alerts) {
        if (state !== 'resolved' && cooldownMsOf(rule) > 0) told.set(`${receiver} ${id}`, { atMs: clock.monotonic(), severity })
      }
    },
  }
}

export type Cooldowns = ReturnType<typeof createCooldowns>
