import type { Clock } from '../lib/clock.ts'
import { formatDuration } from '../lib/duration.ts'
import { messageOf } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import type { Probe } from '../model/health.ts'
import type { Outcome } from './cell.ts'
import type { Component } from './component.ts'

const firstCheckMsMax = 1000
/** Each wait is up to this share shorter or longer, so that components drift apart. */
const jitter = 0.05

export type Runner = { start(): void; stop(): Promise<void> }

type Options = {
  readonly component: Component
  readonly probe: Probe
  readonly clock: Clock
  /** From 0 (included) to 1 (not included). */
  readonly random: () => number
  readonly log: Log
  readonly onOutcome: (outcome: Outcome) => void
}

/** Checks one component again and again, never twice at once. */
export function createRunner({ component, probe, clock, random, log, onOutcome }: Options): Runner {
  let stopped = true
  let cancelNext = () => {}
  let underWay: AbortController | undefined
  let round: Promise<void> = Promise.resolve()
  let hangsSinceMs: number | undefined

  function schedule(delayMs: number): void {
    if (stopped) return
    cancelNext = clock.after(delayMs, () => {
      round = run()
    })
  }

  async function run(): Promise<void> {
    const startedMs = clock.monotonic()
    const outcome = await check(startedMs)
    if (stopped) return
    onOutcome(outcome)
    const dueMs = startedMs + component.interval * (1 - jitter + 2 * jitter * random())
    schedule(Math.max(0, dueMs - clock.monotonic()))
  }

  async function check(startedMs: number): Promise<Outcome> {
    if (hangsSinceMs !== undefined) return failure(`the check that began ${formatDuration(startedMs - hangsSinceMs)} ago still hangs`)
    const controller = new AbortController()
    underWay = controller
    const late = `no answer within ${formatDuration(component.timeout)}`
    const cancelTimeout = clock.after(component.timeout, () => controller.abort(new Error(late)))
    hangsSinceMs = startedMs
    const checking = (async () => probe.check(controller.signal))().finally(() => {
      hangsSinceMs = undefined
    })
    try {
      const result = await Promise.race([checking, rejectionOf(controller.signal)])
      return result ? { result } : { reason: 'no result yet' }
    } catch (thrown) {
      checking.catch(() => {})
      if (controller.signal.aborted) return failure(late)
      log.error({ err: thrown, component: component.name, environment: component.environment }, 'health: a check itself failed')
      return { reason: `the check itself failed: ${messageOf(thrown)}`, checkerFailed: true }
    } finally {
      cancelTimeout()
      underWay = undefined
    }
  }

  return {
    start() {
      stopped = false
      schedule(random() * Math.min(firstCheckMsMax, component.interval / 10))
    },
    async stop() {
      stopped = true
      cancelNext()
      underWay?.abort(new Error('the collector is stopping'))
      await round
    },
  }
}

function failure(message: string): Outcome {
  return { result: { ok: false, latencyMs: null, message } }
}

function rejectionOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
}
