import type { GateResult, RuleVerdict } from '../contract/gates.ts'
import { samplesText } from '../deployments/gate/judge-rule.ts'

/** A result for the log of a pipeline: first what became of it and why, then each rule, those that decide first. */
export function resultText(result: GateResult): string {
  const { gate, answer, reason, rules, notAbout, gaps, id } = result
  const head = `Gate ${gate ?? '(chosen rules)'}${aboutText(result)}: ${(answer ?? 'watching').toUpperCase()}`
  return [
    head,
    `  ${reason}`,
    ...[...whyAnswered(result), ...gaps.map(gapText)].map((line) => `  ${line}`),
    ...(rules.length > 0 ? [''] : []),
    ...rules.toSorted((a, b) => weight(b) - weight(a)).flatMap(ruleLines),
    ...(notAbout.length > 0 ? [`  left out, for they are about others: ${notAbout.join(', ')}`] : []),
    '',
    `Result ${id}`,
  ].join('\n')
}

function aboutText({ labels }: GateResult): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${value}`)
  return pairs.length === 0 ? '' : ` for ${pairs.join(', ')}`
}

const gapText = ({ from, to }: GateResult['gaps'][number]): string =>
  `Not watched from ${from} to ${to}, when the collector was away; it watched for that much longer.`

/** Where the answer is another than the verdict, somebody wanted it so. */
function whyAnswered({ verdict, answer, policies, failOpen, override, state }: GateResult): string[] {
  if (override) return [`The verdict is ${verdict}; ${override.actor} lets it pass: ${override.reason}`]
  if (state === 'watching' || verdict === answer) return []
  if (policies.dryRun) return [`The verdict is ${verdict}; in dry-run everything passes.`]
  if (verdict === 'error' && failOpen) return ['It could not be judged, and what cannot be judged passes (--fail-open).']
  return [`Nothing can be said, which ${answer === 'pass' ? 'passes' : 'fails'} (on_inconclusive: ${policies.onInconclusive}).`]
}

const weights = { fail: 4, error: 3, inconclusive: 2, muted: 1, pass: 0 }
const weight = ({ verdict, dryRun }: RuleVerdict): number => weights[verdict] - (dryRun ? 5 : 0)

function ruleLines(shownRule: RuleVerdict): string[] {
  const { rule, verdict, underneath, reason, value, samples, windowMs, threshold, alertIds, dryRun, mutedBy } = shownRule
  const counted = samples === null ? '' : samplesText(samples, windowMs)
  const shown = verdict === 'muted' ? `muted (${underneath})` : verdict
  const facts = [
    ...(verdict === 'pass' || value === null ? [] : [`value ${value}${counted ? ` of ${counted}` : ''}, fires when ${threshold}`]),
    ...(alertIds.length > 0
      ? [`alert ${alertIds.slice(0, 3).join(', ')}${alertIds.length > 3 ? ` and ${alertIds.length - 3} more` : ''}`]
      : []),
    ...(mutedBy.length > 0 && verdict !== 'muted' ? [`partly muted by ${mutedBy.join(', ')}`] : []),
    ...(dryRun ? ['dry-run: does not count'] : []),
  ]
  return [
    `  ${shown.padEnd(14)} ${rule}: ${reason}${verdict === 'pass' && counted ? ` (${counted})` : ''}`,
    ...facts.map((fact) => `  ${' '.repeat(15)}${fact}`),
  ]
}
