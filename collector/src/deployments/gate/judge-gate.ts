import { counted } from '../../lib/words.ts'
import type { GatePolicies, GateRule, LabelTest, RuleVerdict } from '../../model/gate.ts'
import type { GateAnswer, GateVerdict } from '../../model/gate-verdict.ts'
import type { RuleOutline } from '../../model/judgement.ts'
import { agrees, labelsText, worst } from './judge-rule.ts'

type Labels = Readonly<Record<string, string>>

export type Chosen = { readonly rules: readonly GateRule[]; readonly notAbout: readonly string[] }

/** The rules that are named, and those whose labels pass every test; without those that are about other labels. */
export function chooseRules(
  outlines: readonly RuleOutline[],
  { rules, matchers }: { readonly rules: readonly GateRule[]; readonly matchers: readonly LabelTest[] },
  labels: Labels,
): Chosen {
  const named = new Map(rules.map((rule) => [rule.rule, rule]))
  const passes = (outline: RuleOutline) => matchers.length > 0 && matchers.every((matcher) => matcher.matches(outline.labels))
  const found = outlines.filter((outline) => named.has(outline.name) || passes(outline))
  const isAbout = ({ about }: RuleOutline) => agrees(about, labels)
  return {
    rules: found.filter(isAbout).map(({ name }) => named.get(name) ?? { rule: name, dryRun: false }),
    notAbout: found.filter((outline) => !isAbout(outline)).map(({ name }) => name),
  }
}

/** What the rules come to, and the sentence that says why. Those in dry-run are shown only. */
export function judgeGate(verdicts: readonly RuleVerdict[], labels: Labels): { readonly verdict: GateVerdict; readonly reason: string } {
  const judged = verdicts.filter(({ dryRun }) => !dryRun)
  const verdict = worst(judged.map(({ counts }) => counts))
  const deciding = judged.filter(({ counts }) => counts === verdict)
  if (verdict !== 'pass') return { verdict, reason: reasonOf(deciding) }
  if (judged.length === 0) return { verdict, reason: 'no rule counts: all are in dry-run' }
  const isUnknown = judged.every(({ labelSets }) => labelSets === 0)
  if (isUnknown) return { verdict: 'inconclusive', reason: `none of the rules has ever seen data${labelsText(labels)}` }
  return { verdict, reason: passText(judged) }
}

/** What the caller is to do. */
export function answerOf(
  verdict: GateVerdict,
  { onInconclusive, dryRun }: Pick<GatePolicies, 'onInconclusive' | 'dryRun'>,
  failOpen: boolean,
): GateAnswer {
  if (dryRun) return 'pass'
  if (verdict === 'inconclusive') return onInconclusive === 'pass' ? 'pass' : 'fail'
  return verdict === 'error' && failOpen ? 'pass' : verdict
}

function reasonOf([first, ...others]: readonly RuleVerdict[]): string {
  const rest = others.length === 0 ? '' : ` (and ${others.length} more: ${others.map(({ rule }) => rule).join(', ')})`
  return `${first?.rule}: ${first?.reason}${rest}`
}

/** A rule that passes only because it is muted is no rule that is fine. */
function passText(judged: readonly RuleVerdict[]): string {
  const letBy = judged.filter(({ underneath = 'pass' }) => underneath !== 'pass')
  const fine = judged.length - letBy.length
  const muted = judged.filter(({ verdict }) => verdict === 'muted').length - letBy.length
  const parts = [
    ...(fine > 0 ? [`${counted(fine, 'rule')} ${fine === 1 ? 'is' : 'are'} fine${muted > 0 ? ` (${muted} muted)` : ''}`] : []),
    ...letBy.map(({ rule, underneath }) => `${rule} is let by, for it is muted: under that it is ${underneath}`),
  ]
  return parts.join('; ')
}
