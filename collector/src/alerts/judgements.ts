import type { AlertInstance } from '../model/alert-records.ts'
import type { JudgedRules, RuleJudgement, RuleOutline, SetJudgement } from '../model/judgement.ts'
import type { Tags } from '../model/point.ts'
import type { Suppression } from './routing/tree/suppression.ts'
import { kindOf, membersOf, seriesKindOf } from './rules/definition/kind-of.ts'
import type { Reading, Rule } from './rules/definition/rule.ts'
import type { Due } from './rules/evaluation/evaluate.ts'
import type { Roster } from './rules/evaluation/roster.ts'
import type { Runner } from './rules/evaluation/runner.ts'
import { fixedTags } from './rules/samples/source.ts'

export type JudgementOptions = {
  readonly roster: Pick<Roster, 'runner' | 'runners'>
  readonly suppressionOf: Suppression['of']
}

/** Says what rules hold now, for those who ask: it is the evaluation that alerts, done out of turn. */
export function createJudgements({ roster, suppressionOf }: JudgementOptions): JudgedRules {
  /** The rules that a rule looks at first, so that it looks at what they say now. */
  function evaluate(runner: Runner): readonly Due[] | 'waiting' {
    for (const name of membersOf(runner.rule)) {
      const member = roster.runner(name)
      if (member) evaluate(member)
    }
    // One that fails is tried again by the clock: how often it failed in a row counts, and asking must not change that.
    if (runner.status().lastError !== null) return []
    const collected = runner.evaluateNow('all')
    if (!collected || 'waiting' in collected) return 'waiting'
    return 'due' in collected ? collected.due : []
  }

  function toSet(instance: AlertInstance, reading: Reading | undefined, windowMs: number): SetJudgement {
    const { silencedBy, mutedBy } = suppressionOf(instance.labels)
    return {
      alertId: instance.id,
      labels: instance.labels,
      severity: instance.severity,
      state: instance.state,
      reading: reading?.verdict ?? 'unread',
      awaits: reading?.awaits ?? [],
      samples: reading?.samples ?? null,
      countedMs: reading?.countedMs ?? windowMs,
      value: instance.value,
      summary: instance.annotations.summary ?? '',
      sinceMs: instance.firedAtMs ?? instance.activeSinceMs ?? instance.missingSinceMs,
      mutedBy: [...silencedBy.map((id) => `silence ${id}`), ...mutedBy.map((name) => `time interval ${name}`)],
    }
  }

  function judge(runner: Runner, isWanted: Parameters<JudgedRules['judge']>[1]): RuleJudgement {
    const due = evaluate(runner)
    const readings = new Map(due === 'waiting' ? [] : due.map(({ identity, reading }) => [identity.id, reading]))
    const { lastError, lastEvaluationMs } = runner.status()
    const { rule } = runner
    const { limit, windowMs } = kindOf(rule.kind).words(rule.options)
    return {
      name: rule.name,
      severity: rule.severity,
      limit,
      minSamples: rule.minSamples,
      isSilenceFine: rule.onNoData === 'ok',
      error: lastError,
      isWaiting: due === 'waiting',
      lastEvaluationMs,
      sets: [...runner.instances().values()]
        .filter(({ labels }) => isWanted(labels))
        .map((instance) => toSet(instance, readings.get(instance.id), windowMs)),
    }
  }

  return {
    outlines: () => roster.runners().map(({ rule }) => toOutline(rule)),
    judge: (names, isWanted) =>
      names.flatMap((name) => {
        const runner = roster.runner(name)
        return runner ? [judge(runner, isWanted)] : []
      }),
  }
}

function toOutline(rule: Rule): RuleOutline {
  const where = seriesKindOf(rule)?.inputs(rule.options).selectors[0]?.where ?? []
  const severity: Tags = rule.severity === null ? {} : { severity: rule.severity }
  return {
    name: rule.name,
    labels: { ...rule.labels, ...severity, alertname: rule.name },
    about: { ...fixedTags(where), ...withoutTemplates(rule.labels) },
  }
}

/** What is filled in from the series is not known before there are any. */
function withoutTemplates(labels: Tags): Tags {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => !value.includes('{{')))
}
