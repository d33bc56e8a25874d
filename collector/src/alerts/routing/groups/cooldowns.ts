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
type Told = { readonly atMs: number; readonly severity: Severity | null; readonly cooldownMs: number }

const never = Number.NEGATIVE_INFINITY
/** With fewer nothing is looked for that may go. */
const sweptFrom = 1000
/** Tries of one receiver that are looked at to find when it was last told of an alert. */
const lookedAtMax = 20

/**
 * Keeps a new episode of an alert from a receiver that was told of an earlier one a short while ago,
 * unless it is more severe. When it last was told stands in the delivery log.
 */
export function createCooldowns({ records, clock, cooldownMsOf, lastEpisode }: CooldownsOptions) {
  const told = new Map<string, Told>()
  const toMonotonic = createEarlierTimes(clock)
  /** What an earlier process wrote lies on the time as it was when this one began. */
  const offsetMs = clock.now() - clock.monotonic()
  let sweepAt = sweptFrom

  /** What is over keeps nothing back any more; looking for it only when there is twice as much costs each one little. */
  function remember(key: string, one: Told): Told {
    told.set(key, one)
    if (told.size >= sweepAt) {
      for (const [other, { atMs, cooldownMs }] of told) if (clock.monotonic() - atMs >= cooldownMs) told.delete(other)
      sweepAt = Math.max(sweptFrom, told.size * 2)
    }
    return one
  }

  function lastTold(receiver: string, alertId: string, cooldownMs: number): Told {
    const key = `${receiver} ${alertId}`
    const known = told.get(key)
    // What was looked for no further back than a shorter cooldown may be there all the same.
    if (known && (known.atMs !== never || known.cooldownMs >= cooldownMs)) return known
    // The log holds weeks, and reading all of it for each alert of a storm would stop everything else.
    const fromMs = offsetMs + clock.monotonic() - cooldownMs
    const { deliveries } = records.deliveries({ receiver, alertId, outcome: 'sent', fromMs, limit: lookedAtMax })
    const { endsAt, severity = null } = lastEpisode(alertId) ?? {}
    // What was told of it later told of its end, beside others that fire.
    const endedMs = endsAt ? Date.parse(endsAt) : Number.POSITIVE_INFINITY
    const atMs = deliveries.find((row) => row.status === 'firing' && row.atMs < endedMs)?.atMs
    return remember(key, { atMs: atMs === undefined ? never : toMonotonic(atMs), severity, cooldownMs })
  }

  return {
    holds(receiver: string, { id, rule, severity, state, startsAt }: Alert, entry: NotifyEntry | undefined): boolean {
      const cooldownMs = cooldownMsOf(rule)
      if (cooldownMs === 0 || state === 'resolved') return false
      const known = entry?.firing[id]
      if (known && !isOtherEpisode(known, { startsAt })) return false
      const last = lastTold(receiver, id, cooldownMs)
      const isWorse = last.severity !== null && isMoreSevere(severity, last.severity)
      return !isWorse && clock.monotonic() - last.atMs < cooldownMs
    },
    onTold(receiver: string, alerts: readonly Alert[]): void {
      for (const { id, rule, severity, state } of alerts) {
        const cooldownMs = cooldownMsOf(rule)
        if (state !== 'resolved' && cooldownMs > 0) remember(`${receiver} ${id}`, { atMs: clock.monotonic(), severity, cooldownMs })
      }
    },
  }
}

export type Cooldowns = ReturnType<typeof createCooldowns>
