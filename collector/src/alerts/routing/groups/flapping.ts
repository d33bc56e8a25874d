import { z } from 'zod'
import type { Clock } from '../../../lib/clock.ts'
import type { Alert } from '../../../model/alert.ts'

export const flappingSchema = z
  .strictObject({
    history: z.int().min(3).max(100).default(21),
    low: z.number().min(0).max(1).default(0.2),
    high: z.number().min(0).max(1).default(0.5),
  })
  .refine(({ low, high }) => low < high, 'low must be below high')

export type FlappingSettings = z.output<typeof flappingSchema>

const [oldestWeight, newestWeight] = [0.8, 1.2]

/** The share of states that differ from the one before, recent changes counting more: from 0 (steady) to 1. */
export function changeShare(states: readonly string[]): number {
  const pairs = states.length - 1
  if (pairs < 1) return 0
  let sum = 0
  for (let index = 1; index <= pairs; index++) {
    const weight = pairs === 1 ? 1 : oldestWeight + ((newestWeight - oldestWeight) * (index - 1)) / (pairs - 1)
    if (states[index] !== states[index - 1]) sum += weight
  }
  return sum / pairs
}

type History = { states: readonly string[]; atMs: number; isFlapping: boolean }

/** Alerts whose history is kept. */
const historiesMax = 50_000
/** With fewer nothing is looked for that may go. */
const sweptFrom = 1000

export type FlappingOptions = {
  /** As they are now: a reload may change them. */
  readonly settings: () => FlappingSettings
  readonly clock: Clock
  /** How often the rule of an alert is evaluated: one state each time. */
  readonly everyMsOf: (rule: string) => number
}

/** Finds alerts that come and go: the states of their last evaluations, an alert without a past having been fine. */
export function createFlapping({ settings, clock, everyMsOf }: FlappingOptions) {
  const histories = new Map<string, History & { readonly everyMs: number }>()
  let sweepAt = sweptFrom

  function appended(
    { states, atMs, everyMs }: { states: readonly string[]; atMs: number; everyMs: number },
    steadyFor: number,
    next: string[],
  ) {
    const times = Math.min(settings().history, Math.max(0, Math.floor((clock.monotonic() - atMs) / everyMs) - steadyFor))
    return [...states, ...new Array<string>(times).fill(states.at(-1) ?? 'ok'), ...next].slice(-settings().history)
  }

  /** Without a change the share only falls, so it is enough to look when somebody asks. */
  function isFlapping(id: string): boolean {
    const known = histories.get(id)
    if (!known?.isFlapping) return false
    known.isFlapping = changeShare(appended(known, 0, [])) >= settings().low
    return known.isFlapping
  }

  /** What has been fine for as long as states are remembered is as if it had never been. */
  function sweep(): void {
    for (const [id, { states, atMs, everyMs }] of histories) {
      const isLongFine = states.at(-1) === 'ok' && clock.monotonic() - atMs >= settings().history * everyMs
      if (isLongFine && !isFlapping(id)) histories.delete(id)
    }
    sweepAt = Math.max(sweptFrom, histories.size * 2)
  }

  return {
    isFlapping,
    /** Takes an alert that fires, became more or less severe, or ended. */
    observe({ id, rule, state, severity }: Pick<Alert, 'id' | 'rule' | 'state' | 'severity'>): void {
      const everyMs = everyMsOf(rule)
      const level = state === 'resolved' ? 'ok' : severity
      const known = histories.get(id) ?? {
        states: new Array<string>(settings().history).fill('ok'),
        atMs: clock.monotonic(),
        isFlapping: false,
        everyMs,
      }
      if (known.states.at(-1) === level) return
      const states = appended({ ...known, everyMs }, 1, [level])
      const share = changeShare(states)
      histories.delete(id)
      histories.set(id, {
        states,
        atMs: clock.monotonic(),
        everyMs,
        isFlapping: known.isFlapping ? share >= settings().low : share > settings().high,
      })
      if (histories.size >= sweepAt) sweep()
      const oldest = histories.keys().next().value
      if (histories.size > historiesMax && oldest !== undefined) histories.delete(oldest)
    },
  }
}

export type Flapping = ReturnType<typeof createFlapping>
