import type { Clock } from '../../lib/clock.ts'
import { messageOf } from '../../lib/errors.ts'
import type { Log } from '../../lib/log.ts'
import type { GateResult, RuleVerdict } from '../../model/gate.ts'
import type { JudgedRules, RuleJudgement } from '../../model/judgement.ts'
import { answerOf, type Chosen, judgeGate } from './judge-gate.ts'
import { agrees, judgeRule } from './judge-rule.ts'

export type WatchOptions = {
  readonly begun: GateResult
  readonly chosen: Chosen['rules']
  readonly judged: Pick<JudgedRules, 'judge'>
  readonly clock: Clock
  readonly log: Log
  /** Called with each new look; the last one is done. */
  readonly onLook: (result: GateResult) => void
}

const lookEveryMs = 5000
/** A rule that waits for the store's first answer has it soon: this is given also to a gate that looks once. */
export const settleMs = 5000
const settleEveryMs = 200

/**
 * Looks at the rules of a gate again and again until its verdict is known: at the first that fails, or
 * at the deadline. What cannot be judged may be by then, so it is given until then.
 */
export function createWatch({ begun, chosen, judged, clock, log, onLook }: WatchOptions) {
  const { labels, policies, failOpen } = begun
  const untilMs = clock.monotonic() + Math.min(policies.watchMs, Date.parse(begun.deadline) - clock.now())
  let result = begun
  let waitingSinceMs: number | null = null
  let cancel = () => {}

  const leftMs = (): number => untilMs - clock.monotonic()

  function verdicts(): readonly RuleVerdict[] {
    const passedMs = clock.monotonic()
    const names = chosen.map(({ rule }) => rule)
    const judgements = new Map(judged.judge(names, (own) => agrees(own, labels)).map((judgement) => [judgement.name, judgement]))
    const isWaiting = [...judgements.values()].some((judgement) => judgement.isWaiting)
    waitingSinceMs = isWaiting ? (waitingSinceMs ?? passedMs) : null
    const view = { labels, onMuted: policies.onMuted, nowMs: clock.now() }
    return chosen.map(({ rule, dryRun }) => judgeRule(judgements.get(rule) ?? gone(rule), { ...view, dryRun }))
  }

  function look(): void {
    try {
      take(verdicts())
    } catch (thrown) {
      log.error({ err: thrown, gate: begun.gate }, 'a gate could not look at its rules')
      end({ ...result, verdict: 'error', reason: `the rules could not be looked at: ${messageOf(thrown)}` })
    }
  }

  function take(rules: readonly RuleVerdict[]): void {
    const seen: GateResult = { ...result, rules, lookedAt: timeOf(clock.now()), ...judgeGate(rules, labels) }
    const isSettling = waitingSinceMs !== null && clock.monotonic() - waitingSinceMs < settleMs
    if (isDecided(seen, isSettling)) end(seen)
    else {
      result = seen
      onLook(seen)
      const restMs = Math.max(settleEveryMs, leftMs())
      cancel = clock.after(isSettling ? settleEveryMs : Math.min(lookEveryMs, restMs), look)
    }
  }

  function isDecided({ verdict }: GateResult, isSettling: boolean): boolean {
    if (verdict === 'fail') return true
    return !isSettling && (leftMs() <= 0 || (verdict === 'inconclusive' && policies.onInconclusive === 'fail'))
  }

  function end(seen: GateResult): void {
    const answer = answerOf(seen.verdict, policies, failOpen)
    result = { ...seen, state: 'done', answer, finishedAt: timeOf(clock.now()) }
    onLook(result)
  }

  return {
    look,
    result: (): GateResult => result,
    /** Looks no more; what it last saw is its end. */
    stop: (): void => cancel(),
  }
}

export type Watch = ReturnType<typeof createWatch>

function timeOf(ms: number): string {
  return new Date(ms).toISOString()
}

/** A reload took the rule away in the meantime. */
function gone(name: string): RuleJudgement {
  return {
    ...{ name, severity: null, limit: '', minSamples: 1, isSilenceFine: false, isWaiting: false, lastEvaluationMs: null, sets: [] },
    error: 'the rule is gone from the configuration',
  }
}
