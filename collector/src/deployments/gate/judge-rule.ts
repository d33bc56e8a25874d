import { formatDuration } from '../../lib/duration.ts'
import { counted } from '../../lib/words.ts'
import type { MutedPolicy, RuleVerdict } from '../../model/gate.ts'
import type { GateVerdict } from '../../model/gate-verdict.ts'
import type { RuleJudgement, SetJudgement } from '../../model/judgement.ts'

type Labels = Readonly<Record<string, string>>

export type RuleView = {
  /** Which label sets were asked for. */
  readonly labels: Labels
  readonly onMuted: MutedPolicy
  readonly dryRun: boolean
  readonly nowMs: number
}

/** What one label set, or the rule as a whole, says. */
type Finding = { readonly verdict: GateVerdict; readonly reason: string; readonly set?: SetJudgement }
type Counted = Finding & { readonly counts: GateVerdict; readonly isMuted: boolean }

const alertIdsMax = 100
const rank: Readonly<Record<GateVerdict, number>> = { pass: 0, inconclusive: 1, error: 2, fail: 3 }

/** The worst of some verdicts: a rule that fails is bad news even where another cannot be judged. */
export function worst(verdicts: readonly GateVerdict[]): GateVerdict {
  return verdicts.reduce((found, verdict) => (rank[verdict] > rank[found] ? verdict : found), 'pass')
}

/** A label that a set does not have tells nothing apart: what is true of a host is true of all services on it. */
export function agrees(own: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([label, value]) => (own[label] ?? value) === value)
}

/** What a rule says of some labels, in the words of a gate. Pure: the caller brings what the rule holds. */
export function judgeRule(judgement: RuleJudgement, view: RuleView): RuleVerdict {
  const { sets } = judgement
  const own = ofRule(judgement, sets, view).map((finding) => ({ ...finding, counts: finding.verdict, isMuted: false }))
  const findings = [...own, ...sets.map((set) => count({ ...ofSet(set, judgement, view.nowMs), set }, view.onMuted))]
  const deciding = decide(findings)
  const muted = sets.filter(({ mutedBy }) => mutedBy.length > 0)
  return {
    rule: judgement.name,
    severity: deciding.set?.severity ?? judgement.severity,
    verdict: deciding.isMuted ? 'muted' : deciding.verdict,
    counts: deciding.counts,
    ...(deciding.isMuted && { underneath: worst(findings.filter(({ isMuted }) => isMuted).map(({ verdict }) => verdict)) }),
    reason: deciding.isMuted ? `muted by ${deciding.set?.mutedBy.join(', ')}; under that: ${deciding.reason}` : deciding.reason,
    value: deciding.set?.value ?? null,
    samples: deciding.set?.samples ?? null,
    minSamples: judgement.minSamples,
    windowMs: deciding.set?.countedMs ?? 0,
    threshold: judgement.limit,
    alertIds: sets.flatMap(({ state, alertId }) => (state === 'ok' ? [] : [alertId])).slice(0, alertIdsMax),
    mutedBy: [...new Set(muted.flatMap(({ mutedBy }) => mutedBy))],
    labelSets: sets.length,
    dryRun: view.dryRun,
    lastEvaluation: judgement.lastEvaluationMs === null ? null : new Date(judgement.lastEvaluationMs).toISOString(),
  }
}

/**
 * The worst decides. What is not muted goes before what is, unless all is well: then nobody must miss that something is muted.
 * Among equals, what was judged by the fewest samples says least.
 */
function decide(findings: readonly Counted[]): Counted {
  const score = ({ counts, isMuted, verdict }: Counted): number =>
    rank[counts] * 10 + (isMuted === (counts === 'pass') ? 5 : 0) + rank[verdict]
  const samples = ({ set }: Counted): number => set?.samples ?? Number.POSITIVE_INFINITY
  const isBefore = (a: Counted, b: Counted): boolean => score(a) > score(b) || (score(a) === score(b) && samples(a) < samples(b))
  return findings.reduce((found, one) => (isBefore(one, found) ? one : found))
}

function count(finding: Finding, onMuted: MutedPolicy): Counted {
  const isMuted = (finding.set?.mutedBy.length ?? 0) > 0
  return { ...finding, isMuted, counts: isMuted && onMuted !== 'judge' ? onMuted : finding.verdict }
}

/** What is true of the rule whatever its label sets say. */
function ofRule({ error, isWaiting, isSilenceFine }: RuleJudgement, sets: readonly SetJudgement[], { labels }: RuleView): Finding[] {
  if (error !== null) return [{ verdict: 'error', reason: `cannot be evaluated: ${error}` }]
  if (isWaiting) return [{ verdict: 'inconclusive', reason: 'has not been evaluated yet: it waits for the store' }]
  if (sets.length > 0) return []
  const nothing = `sees no data${labelsText(labels)}`
  return [
    isSilenceFine
      ? { verdict: 'pass', reason: `${nothing}, which is fine by its on_no_data` }
      : { verdict: 'inconclusive', reason: nothing },
  ]
}

function ofSet(set: SetJudgement, { minSamples, isSilenceFine }: RuleJudgement, nowMs: number): Finding {
  const since = set.sinceMs === null ? '' : ` for ${formatDuration(Math.max(0, Math.round((nowMs - set.sinceMs) / 1000)) * 1000)}`
  switch (set.state) {
    case 'firing':
      return { verdict: 'fail', reason: `firing${since}: ${set.summary}` }
    case 'recovering':
      return { verdict: 'fail', reason: `no longer holds, but is kept firing by keep_firing_for: ${set.summary}` }
    case 'no_data':
      return { verdict: 'fail', reason: `no data${since}` }
    case 'error':
      return { verdict: 'error', reason: 'could not be evaluated' }
    case 'pending':
      return { verdict: 'inconclusive', reason: `holds${since}, not yet long enough to fire: ${set.summary}` }
    case 'ok':
      return ofCalm(set, minSamples, isSilenceFine)
  }
}

function ofCalm(set: SetJudgement, minSamples: number, isSilenceFine: boolean): Finding {
  switch (set.reading) {
    case 'false':
    case 'true':
      return set.awaits.length === 0 ? { verdict: 'pass', reason: 'is fine' } : { verdict: 'inconclusive', reason: awaitsText(set.awaits) }
    case 'inconclusive':
      return { verdict: 'inconclusive', reason: tooLittleText(set, minSamples) }
    case 'missing':
      return isSilenceFine
        ? { verdict: 'pass', reason: 'no data, which is fine by its on_no_data' }
        : { verdict: 'inconclusive', reason: 'no data just now' }
    case 'unread':
      return { verdict: 'inconclusive', reason: 'could not be read just now' }
  }
}

function awaitsText(awaits: readonly string[]): string {
  return `depends on ${awaits.join(', ')}, which ${awaits.length === 1 ? 'is' : 'are'} pending`
}

function tooLittleText({ samples, countedMs }: SetJudgement, minSamples: number): string {
  if (samples === null) return minSamples > 1 ? `too little to say (min_samples is ${minSamples})` : 'too little to say'
  if (samples < minSamples) return `${shortened(samples)} of at least ${samplesText(minSamples, countedMs)}`
  return `too little to say, of ${samplesText(samples, countedMs)}`
}

/** Events are sums of values, which need not be whole; 19.97 is less than 20. */
const shortened = (samples: number): number => Math.floor(samples * 10) / 10

export function samplesText(samples: number, countedMs: number): string {
  return `${counted(shortened(samples), 'sample')} in ${formatDuration(Math.round(countedMs / 1000) * 1000)}`
}

export function labelsText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${value}`)
  return pairs.length === 0 ? '' : ` of ${pairs.join(', ')}`
}
