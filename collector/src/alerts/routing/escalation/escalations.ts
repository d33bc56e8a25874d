import type { Clock } from '../../../lib/clock.ts'
import type { NotificationRecords } from '../../../model/alert-records.ts'
import type { Group, Tellable } from '../groups/group.ts'
import type { Escalation } from './escalation-schema.ts'

export type EscalationsOptions = {
  readonly settings: () => { readonly escalations?: readonly Escalation[] }
  readonly records: NotificationRecords
  readonly clock: Clock
  readonly contentOf: (group: Group) => Tellable
  /** Whether one of the named times is now. */
  readonly isNow: (interval: string) => boolean
  readonly demand: (group: Group, receiver: string, reason: string) => void
}

/** In quiet hours a chain looks again this often. */
export const quietCheckMs = 60_000
/** No step is waited for longer after a start, should the time have been set back meanwhile. */
const longestMs = 24 * 3_600_000

/** `dueMs` is by the clock that only ever goes on. */
type Climb = { position: number; dueMs: number; cancel: () => void }

/**
 * Tells one after another of a group of alerts until somebody takes them or they end. Lives in memory
 * and in the records alone: it needs neither the store nor an evaluation.
 */
export function createEscalations({ settings, records, clock, contentOf, isNow, demand }: EscalationsOptions) {
  const climbs = new Map<string, Climb>()

  const chainOf = ({ route }: Pick<Group, 'route'>): Escalation | undefined =>
    settings().escalations?.find(({ name }) => name === route.escalation)

  function wait(group: Group, chain: Escalation, position: number, waitMs: number): void {
    const before = climbs.get(group.key)
    before?.cancel()
    const cancel = clock.after(Math.max(0, waitMs), () => advance(group, chain, position))
    climbs.set(group.key, { position, dueMs: clock.monotonic() + waitMs, cancel })
    if (before?.position !== position) records.commit({ escalation: { groupKey: group.key, position, dueAtMs: clock.now() + waitMs } })
  }

  function forget(groupKey: string): void {
    climbs.get(groupKey)?.cancel()
    climbs.delete(groupKey)
    records.commit({ endEscalation: groupKey })
  }

  function end(groupKey: string): void {
    if (climbs.has(groupKey)) forget(groupKey)
  }

  function isQuiet({ quiet }: Escalation, { firing }: Tellable): boolean {
    if (!quiet?.intervals.some(isNow)) return false
    return ![...firing.values()].some(({ severity }) => quiet.except.includes(severity))
  }

  function advance(group: Group, chain: Escalation, position: number): void {
    const content = contentOf(group)
    if (content.firing.size === 0 || content.isAcknowledged) {
      end(group.key)
      return
    }
    if (isQuiet(chain, content)) {
      wait(group, chain, position, quietCheckMs)
      return
    }
    const step = chain.steps[position % chain.steps.length]
    const rounds = chain.repeat + 1
    if (position >= chain.steps.length * rounds || !step) handOff(group, chain)
    else {
      const place = `step ${(position % chain.steps.length) + 1} of ${chain.steps.length}`
      const round = rounds > 1 ? `, round ${Math.floor(position / chain.steps.length) + 1} of ${rounds}` : ''
      for (const receiver of step.receivers) demand(group, receiver, `escalation ${chain.name}: ${place}${round}`)
      wait(group, chain, position + 1, step.waitMs)
    }
  }

  /** The last word. What is left of the chain is that it was climbed: it begins anew only when the alerts were taken or over meanwhile. */
  function handOff(group: Group, chain: Escalation): void {
    for (const receiver of chain.handOff) demand(group, receiver, `escalation ${chain.name}: nobody took it`)
    wait(group, { ...chain, handOff: [] }, Number.MAX_SAFE_INTEGER, quietCheckMs)
  }

  return {
    /** Begins the chain of a group that has alerts nobody takes care of; one that has begun goes on. */
    consider(group: Group): void {
      const chain = chainOf(group)
      if (chain && !climbs.has(group.key)) advance(group, chain, 0)
    },
    /** Goes on where an earlier process stopped, or where it was before a reload. */
    resume(groupByKey: (key: string) => Group | undefined): void {
      for (const { groupKey, position, dueAtMs } of records.escalations()) {
        const group = groupByKey(groupKey)
        const chain = group && chainOf(group)
        const waitMs = (climbs.get(groupKey)?.dueMs ?? clock.monotonic() + Math.min(longestMs, dueAtMs - clock.now())) - clock.monotonic()
        if (!group || !chain) forget(groupKey)
        else wait(group, position === Number.MAX_SAFE_INTEGER ? { ...chain, handOff: [] } : chain, position, waitMs)
      }
    },
    end,
    stop(): void {
      for (const { cancel } of climbs.values()) cancel()
    },
  }
}

export type Escalations = ReturnType<typeof createEscalations>
