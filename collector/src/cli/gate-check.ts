import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import type { ChosenCheckRequest, GateResult } from '../contract/gates.ts'
import { AppError, messageOf } from '../lib/errors.ts'
import { actorByDefault, askCollector, clientCommand, isOutOfReach, type Target } from './collector-client.ts'
import { type Format, formatOption, print } from './format-option.ts'
import { resultText } from './gate-text.ts'

type Options = Target & {
  rule: string[]
  matcher: string[]
  service?: string
  environment?: string
  label: string[]
  watch?: string
  onInconclusive?: ChosenCheckRequest['onInconclusive']
  onMuted?: ChosenCheckRequest['onMuted']
  dryRun?: boolean
  failOpen?: boolean
  deployment?: string
  actor: string
  override?: string
  format: Format
}

const exitCodes = { pass: 0, fail: 1, error: 2 } as const
/** Nothing matched, the command was not understood, or it cannot be judged. */
const exitUnjudged = 2
/** Each question while a gate watches; a proxy in between must not end it. */
const [questionWait, questionTimeoutMs] = ['10s', 30_000]
/** A collector that restarts is back by then. */
const outOfReachMaxMs = 60_000
const tellEveryMs = 30_000

const gather = (value: string, before: string[]): string[] => [...before, value]

export function checkCommand(): Command {
  return clientCommand('check', 'operate')
    .description('Exit code: 0 it may pass, 1 a rule fails, 2 nothing matched or it cannot be judged.')
    .argument('[name]', 'a configured gate; left out: give --rule or --matcher')
    .option('--rule <name>', 'judge this rule; repeated for several', gather, [])
    .option('--matcher <matcher>', `judge the rules whose labels pass, such as 'severity="critical"'; repeated: all of them`, gather, [])
    .option('--service <service>', 'look at what the rules say of this service')
    .option('--environment <environment>', 'and of this environment')
    .option('--label <name=value>', 'and of this label; repeated for several', gather, [])
    .option('--watch <duration>', 'how long the rules must go on to hold good, such as 5m; 2h at most')
    .option('--on-inconclusive <policy>', 'what becomes of a rule of which nothing can be said: wait, pass or fail')
    .option('--on-muted <policy>', 'what a muted rule counts as: judge, pass or fail')
    .option('--dry-run', 'everything passes; the verdict is shown and stored')
    .option('--fail-open', 'what cannot be judged passes, also when no collector answers')
    .option('--deployment <id>', 'show the result with this deployment, and look at its service and environment')
    .option('--actor <name>', 'who asks', actorByDefault())
    .option('--override <reason>', 'let it pass whatever the verdict, for this reason')
    .addOption(formatOption())
    .exitOverride(asUnjudged)
    .action(async (name: string | undefined, options: Options) => {
      try {
        process.exitCode = await check(name, options)
      } catch (thrown) {
        // Whatever goes wrong, a gate must not look as if a rule had failed, and never as if it had passed.
        process.exitCode = unjudged(thrown, options)
      }
    })
}

/** For a command that was not understood. */
export const asUnjudged = ({ exitCode }: { exitCode: number }): never => process.exit(exitCode === 0 ? 0 : exitUnjudged)

async function check(name: string | undefined, options: Options): Promise<number> {
  const { url, token, format, override, actor } = options
  const target = { url, token }
  const path = name === undefined ? '/api/v1/gates/check' : `/api/v1/gates/${encodeURIComponent(name)}/check`
  let result = await askCollector<GateResult>(target, 'POST', path, toRequest(name, options))
  if (override === undefined) result = await follow(target, result)
  else if (result.answer !== 'pass') {
    const at = `/api/v1/gates/results/${encodeURIComponent(result.id)}/override`
    result = await askCollector<GateResult>(target, 'POST', at, { actor, reason: override })
  }
  print(format, result, () => resultText(result))
  return exitCodes[result.answer ?? 'error']
}

function toRequest(name: string | undefined, options: Options): object {
  const { rule, matcher, label, service, environment, watch, onInconclusive, onMuted, dryRun, failOpen, deployment, actor } = options
  if (name !== undefined && rule.length + matcher.length > 0)
    throw new AppError('VALIDATION_FAILED', 'Give the name of a gate, or --rule and --matcher, but not both.')
  return {
    ...(name === undefined && { rules: rule, matchers: matcher }),
    ...{ service, environment, watch, onInconclusive, onMuted, dryRun, failOpen, deployment, actor },
    labels: Object.fromEntries(label.map(toPair)),
  } satisfies Partial<ChosenCheckRequest>
}

function toPair(text: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw new AppError('VALIDATION_FAILED', `--label ${text} is no label; write it like zone=eu.`)
  return [text.slice(0, at), text.slice(at + 1)]
}

/** Asks until the gate is done, and tells on standard error how it stands. */
async function follow(target: Target, begun: GateResult): Promise<GateResult> {
  const path = `/api/v1/gates/results/${encodeURIComponent(begun.id)}?wait=${questionWait}`
  const tell = createTeller()
  let result = begun
  let lastAnswerMs = performance.now()
  while (result.state === 'watching') {
    tell(result)
    try {
      result = await askCollector<GateResult>(target, 'GET', path, undefined, { timeoutMs: questionTimeoutMs })
      lastAnswerMs = performance.now()
    } catch (thrown) {
      if (!isOutOfReach(thrown) || performance.now() - lastAnswerMs > outOfReachMaxMs) throw thrown
      await sleep(1000)
    }
  }
  return result
}

/** One line when the reason changes, and now and then, so that a log shows that it goes on. */
function createTeller(): (result: GateResult) => void {
  let toldReason = ''
  let toldMs = Number.NEGATIVE_INFINITY
  return ({ verdict, reason, deadline, id }) => {
    if (reason === toldReason && performance.now() - toldMs < tellEveryMs) return
    if (toldReason === '') process.stderr.write(`Watching until ${deadline}, result ${id}\n`)
    process.stderr.write(`  ${verdict} so far: ${reason}\n`)
    toldReason = reason
    toldMs = performance.now()
  }
}

/** Only what may be mended by waiting passes with --fail-open: a wrong name or token never does. */
function unjudged(thrown: unknown, { failOpen, dryRun }: Options): number {
  process.stderr.write(`tidewatch: ${messageOf(thrown)}\n`)
  if (!isOutOfReach(thrown)) return exitUnjudged
  if (!failOpen && !dryRun) {
    process.stderr.write('The gate could not be judged, so it does not pass; --fail-open would let it.\n')
    return exitUnjudged
  }
  process.stderr.write(`The gate could not be judged, and passes nevertheless (${failOpen ? '--fail-open' : '--dry-run'}).\n`)
  return 0
}
