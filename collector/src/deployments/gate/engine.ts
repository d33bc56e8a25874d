import { randomUUID } from 'node:crypto'
import type { Clock } from '../../lib/clock.ts'
import { formatDuration } from '../../lib/duration.ts'
import { AppError } from '../../lib/errors.ts'
import type { Log } from '../../lib/log.ts'
import type { AuditLog } from '../../model/audit.ts'
import type { Deployment } from '../../model/deployment.ts'
import type { StreamEvent } from '../../model/event.ts'
import type { Gate, GateOverride, GateResult } from '../../model/gate.ts'
import type { GateRecords } from '../../model/gate-records.ts'
import type { JudgedRules } from '../../model/judgement.ts'
import type { GateOrder, Gates } from '../gates.ts'
import { answerOf, type Chosen, chooseRules } from './judge-gate.ts'
import { labelsText } from './judge-rule.ts'
import { createWatch, type Watch } from './watch.ts'

export type GatesOptions = {
  readonly judged: JudgedRules
  /** As configured now. */
  readonly gates: () => readonly Gate[]
  readonly deployment: (id: string) => Deployment
  readonly records: GateRecords
  readonly audit: AuditLog
  readonly clock: Clock
  readonly log: Log
  readonly emit: (event: StreamEvent) => void
  /** Writes down who is to hear of a deployment that was judged; what it returns begins to tell them. */
  readonly owe?: (deploymentId: string) => () => void
  readonly newId?: () => string
}

/** As many rules as one gate may look at, and as many gates as may be watched at a time. */
const [rulesMax, watchesMax] = [100, 100]
const keepForMs = 60 * 86_400_000
/** How it stands is stored this often while nothing changes. What was seen since is not known to the process that comes after a crash. */
const storedEveryMs = 30_000
/** Nobody waits any longer for a collector that was away for so long, or so often. */
const [awayMaxMs, gapsMax] = [600_000, 20]

type Plan = Omit<Gate, 'name'> & { readonly name: string | null }

const adHoc: Plan = {
  ...{ name: null, rules: [], matchers: [], labels: {} },
  ...{ watchMs: 0, onInconclusive: 'wait', onMuted: 'judge', dryRun: false },
}

/** Runs gates, and keeps what became of each. */
export function createGates(options: GatesOptions) {
  const { judged, records, audit, clock, newId = randomUUID } = options
  const watches = new Map<string, Watch>()
  const waiters = new Map<string, Set<() => void>>()
  let isStopped = false

  function keep(result: GateResult): void {
    let begin = (): void => {}
    records.save(result, () => {
      if (result.deploymentId !== null && result.state === 'done') begin = options.owe?.(result.deploymentId) ?? begin
    })
    begin()
    options.emit({ type: 'gate', result })
  }

  /** Says whether that went well. Whoever waits has the answer all the same; the next process takes up what was stored before. */
  function tryToStore(id: string, store: () => void): boolean {
    try {
      store()
      return true
    } catch (thrown) {
      options.log.error({ err: thrown, id }, 'the result of a gate could not be stored')
      return false
    }
  }

  function settle(result: GateResult): void {
    if (tryToStore(result.id, () => keep(result))) watches.delete(result.id)
    tellWaiters(result.id)
  }

  function close(id: string): void {
    watches.get(id)?.stop()
    watches.delete(id)
    tellWaiters(id)
  }

  function tellWaiters(id: string): void {
    for (const tell of waiters.get(id) ?? []) tell()
    waiters.delete(id)
  }

  function get(id: string): GateResult {
    const found = watches.get(id)?.result() ?? records.get(id)
    if (!found) throw new AppError('NOT_FOUND', `there is no gate result ${id}; GET /api/v1/gates/results lists those there are`)
    return found
  }

  function planOf(order: GateOrder): Plan {
    const gate = order.gate === undefined ? adHoc : options.gates().find(({ name }) => name === order.gate)
    if (!gate) throw new AppError('NOT_FOUND', `there is no gate ${order.gate}; GET /api/v1/gates lists those that are configured`)
    const { rules = gate.rules, matchers = gate.matchers } = order
    if (rules.length === 0 && matchers.length === 0)
      throw new AppError('VALIDATION_FAILED', 'say which rules are judged: rules, by name, or matchers on their labels')
    return { ...gate, ...withoutUndefined(order), name: gate.name, rules, matchers, labels: { ...gate.labels, ...labelsOf(order) } }
  }

  /** A deployment says itself what it is about; what the caller says goes before. */
  function labelsOf({ deploymentId, labels }: GateOrder): Readonly<Record<string, string>> {
    if (deploymentId === undefined) return labels
    const { service, environment } = options.deployment(deploymentId)
    return { service, environment, ...labels }
  }

  function choose(plan: Plan): Chosen {
    const outlines = judged.outlines()
    const unknown = plan.rules.filter(({ rule }) => !outlines.some(({ name }) => name === rule))
    if (unknown.length > 0)
      throw new AppError(
        'VALIDATION_FAILED',
        `there is no rule ${unknown.map(({ rule }) => `"${rule}"`).join(', ')}; GET /api/v1/rules lists them`,
      )
    const chosen = chooseRules(outlines, plan, plan.labels)
    if (chosen.rules.length <= rulesMax) return chosen
    throw new AppError(
      'VALIDATION_FAILED',
      `${chosen.rules.length} rules match, more than the ${rulesMax} that a gate looks at; name fewer`,
    )
  }

  function begin(order: GateOrder, plan: Plan, notAbout: readonly string[]): GateResult {
    const nowMs = clock.now()
    const { watchMs, onInconclusive, onMuted, dryRun } = plan
    return {
      ...{ id: newId(), gate: plan.name, state: 'watching', verdict: 'inconclusive', answer: null, reason: '', rules: [], notAbout },
      ...{ labels: plan.labels, policies: { watchMs, onInconclusive, onMuted, dryRun }, failOpen: order.failOpen },
      ...{ actor: order.actor, deploymentId: order.deploymentId ?? null, startedAt: timeOf(nowMs), deadline: timeOf(nowMs + watchMs) },
      ...{ lookedAt: null, gaps: [], finishedAt: null, override: null },
    }
  }

  /** Looks at once, and goes on until it is done. */
  function open(begun: GateResult, chosen: Chosen['rules']): GateResult {
    let stored: { readonly verdict: GateResult['verdict']; readonly atMs: number } | undefined
    const toStored = ({ verdict }: GateResult) => ({ verdict, atMs: clock.monotonic() })
    function onLook(result: GateResult): void {
      if (result.state === 'done') settle(result)
      else if (stored) {
        const isNews = stored.verdict !== result.verdict
        if (!isNews && clock.monotonic() - stored.atMs < storedEveryMs) return
        stored = toStored(result)
        tryToStore(result.id, () => (isNews ? keep(result) : records.save(result)))
      }
    }
    const watch = createWatch({ begun, chosen, judged, clock, log: options.log, onLook })
    watches.set(begun.id, watch)
    watch.look()
    const seen = watch.result()
    try {
      if (seen.state === 'watching') keep(seen)
    } catch (thrown) {
      // Nobody learns its id, so nobody would wait for it.
      watch.stop()
      watches.delete(begun.id)
      throw thrown
    }
    stored = toStored(seen)
    return seen
  }

  /** Goes on with what an earlier process watched. The time when nobody did counts for nothing. */
  function takeUp(left: GateResult): void {
    const nowMs = clock.now()
    const from = left.lookedAt ?? left.startedAt
    const awayMs = Math.max(0, nowMs - Date.parse(from))
    if (awayMs > awayMaxMs || left.gaps.length >= gapsMax) {
      keep(toAbandoned(left, from, nowMs))
      return
    }
    const gaps = [...left.gaps, { from, to: timeOf(nowMs) }]
    open(
      { ...left, gaps, deadline: timeOf(Date.parse(left.deadline) + awayMs) },
      left.rules.map(({ rule, dryRun }) => ({ rule, dryRun })),
    )
  }

  function check(order: GateOrder): GateResult {
    const plan = planOf(order)
    const { rules: chosen, notAbout } = choose(plan)
    if (watches.size >= watchesMax)
      throw new AppError('TOO_MANY_REQUESTS', `${watches.size} gates are watched already; try again when one is done`, { retryable: true })
    const begun = begin(order, plan, notAbout)
    audit.record({ atMs: clock.now(), actor: order.actor, action: 'gate.check', target: plan.name ?? begun.id, detail: { id: begun.id } })
    if (chosen.length === 0) {
      const done = nothingMatched(begun, plan, clock.now())
      keep(done)
      return done
    }
    return open(begun, chosen)
  }

  const gates: Gates = {
    list: () =>
      options.gates().map(({ name, rules, matchers, labels, ...policies }) => ({
        ...{ name, labels, ...policies, matchers: matchers.map(({ text }) => text) },
        rules: chooseRules(judged.outlines(), { rules, matchers }, labels).rules.map(({ rule }) => rule),
      })),
    check,
    get,
    wait(id, forMs, signal) {
      const now = get(id)
      if (now.state === 'done' || forMs <= 0 || signal.aborted || isStopped) return Promise.resolve(now)
      return new Promise((resolve) => {
        const told = waiters.get(id) ?? new Set()
        waiters.set(id, told)
        const finish = (): void => {
          cancel()
          told.delete(finish)
          signal.removeEventListener('abort', finish)
          resolve(get(id))
        }
        const cancel = clock.after(forMs, finish)
        told.add(finish)
        signal.addEventListener('abort', finish, { once: true })
      })
    },
    results: (filter) => records.list(filter),
    override(id, { actor, reason }) {
      const before = get(id)
      if (before.answer === 'pass') throw new AppError('CONFLICT', `gate result ${id} passes already: there is nothing to override`)
      const override: GateOverride = { actor, reason, at: timeOf(clock.now()) }
      const after: GateResult = { ...before, state: 'done', answer: 'pass', finishedAt: before.finishedAt ?? override.at, override }
      audit.record({
        ...{ atMs: clock.now(), actor, action: 'gate.override', target: before.gate ?? id },
        detail: { id, reason, verdict: before.verdict, why: before.reason },
      })
      // Who lets something pass must know that it is written down: the next process answers by what is.
      keep(after)
      close(id)
      return after
    },
  }

  return {
    ...gates,
    /** Called when the rules can be looked at. */
    start(): void {
      records.prune(clock.now() - keepForMs)
      for (const left of records.watching()) takeUp(left)
    },
    /** Whoever waits hears how it stands, and asks the next process for the end. */
    stop(): void {
      isStopped = true
      for (const [id, watch] of watches) {
        watch.stop()
        tryToStore(id, () => keep(watch.result()))
        tellWaiters(id)
      }
    },
  }
}

function nothingMatched(begun: GateResult, plan: Plan, nowMs: number): GateResult {
  const about = begun.notAbout.length === 0 ? '' : `; ${begun.notAbout.join(', ')} are about others`
  const reason = `no rule matches${labelsText(plan.labels)}${about}`
  return { ...begun, state: 'done', verdict: 'error', answer: plan.dryRun ? 'pass' : 'error', reason, finishedAt: timeOf(nowMs) }
}

/** Whoever asks later must not wait for ever, nor be let through. */
function toAbandoned(left: GateResult, from: string, nowMs: number): GateResult {
  const { policies, failOpen, gaps, verdict, reason: before } = left
  const why =
    gaps.length >= gapsMax
      ? `the collector ended ${gapsMax + 1} times while it watched`
      : `the collector was away since ${from}, longer than the ${formatDuration(awayMaxMs)} after which a watch is not taken up again`
  return {
    ...{ ...left, state: 'done', verdict: 'error', answer: answerOf('error', policies, failOpen), finishedAt: timeOf(nowMs) },
    reason: `${why}; until then it was ${verdict}: ${before}`,
  }
}

function withoutUndefined({ watchMs, onInconclusive, onMuted, dryRun }: GateOrder): Partial<Plan> {
  const given = { watchMs, onInconclusive, onMuted, dryRun }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString()
}
