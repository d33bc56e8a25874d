import type { Escalation } from '../escalation/escalation-schema.ts'
import { quietCheckMs } from '../escalation/escalations.ts'
import { nextDue } from '../groups/digest-times.ts'
import type { Route } from '../tree/route.ts'
import type { Mute } from '../tree/suppression.ts'

/** What the clock says of routes and intervals at any time. */
export type TrialTimes = {
  /** When the alert begins to fire. */
  readonly atMs: number
  muteOf(route: Route, ms: number): Mute | null
  isWithin(interval: string, ms: number): boolean
}

/** When a route tells of an alert that nothing else keeps back. */
export type Told = {
  /** When it looks for the first time. */
  readonly lookMs: number
  /** What keeps it from telling then. */
  readonly mute: Mute | null
  /** When it tells; null: not within the time that is looked ahead. */
  readonly firstMs: number | null
}

/** One step of an escalation, as often as the chain begins. */
export type Climbed = { readonly receivers: readonly string[]; readonly atMs: number | null; readonly isDelayed: boolean }

const minuteMs = 60_000
/** Longer quiet times are not looked to the end of. */
export const aheadMs = 40 * 86_400_000

/** The first look of a route at which it is not mute; it looks after its wait and then at its intervals, or when its digest is due. */
export function toldFirst(route: Route, times: TrialTimes): Told {
  const lookMs = route.digest ? nextDue(route.digest, times.atMs) : times.atMs + route.groupWaitMs
  const isMute = (ms: number) => times.muteOf(route, ms) !== null
  let firstMs: number | null = lookMs
  while (firstMs !== null && isMute(firstMs)) {
    const freeMs: number | null = firstWithout(isMute, firstMs, nextMinute)
    firstMs = freeMs === null || freeMs > lookMs + aheadMs ? null : lookAtOrAfter(route, lookMs, freeMs)
  }
  return { lookMs, mute: times.muteOf(route, lookMs), firstMs }
}

/** Intervals begin and end with a minute. */
const nextMinute = (ms: number): number => Math.floor(ms / minuteMs) * minuteMs + minuteMs

function lookAtOrAfter(route: Route, firstLookMs: number, ms: number): number {
  if (route.digest) return nextDue(route.digest, ms - 1)
  return firstLookMs + Math.ceil((ms - firstLookMs) / route.groupIntervalMs) * route.groupIntervalMs
}

function firstWithout(isHeld: (ms: number) => boolean, fromMs: number, next: (ms: number) => number): number | null {
  for (let ms = fromMs; ms <= fromMs + aheadMs; ms = next(ms)) if (!isHeld(ms)) return ms
  return null
}

/** Who is told in turn while nobody takes the alert, and when; in quiet hours a chain waits. */
export function toldInTurn(chain: Escalation, firstMs: number | null, severity: string | undefined, times: TrialTimes): readonly Climbed[] {
  const quiet = chain.quiet?.except.some((except) => except === severity) ? null : chain.quiet
  const isQuiet = (ms: number) => quiet?.intervals.some((name) => times.isWithin(name, ms)) ?? false
  const rounds = Array.from({ length: chain.repeat + 1 }, () => chain.steps).flat()
  let dueMs = firstMs
  return rounds.map(({ receivers, waitMs }) => {
    const atMs = dueMs === null ? null : firstWithout(isQuiet, dueMs, (ms) => ms + quietCheckMs)
    const isDelayed = atMs !== dueMs
    dueMs = atMs === null ? null : atMs + waitMs
    return { receivers, atMs, isDelayed }
  })
}
