import { ownValue } from './own-value.ts'

/** A word of another system: the key that must be known beside it for the advice to make sense, and the advice. */
type Foreign = readonly [beside: string, advice: string]

const noExpressions: Foreign = ['annotations', 'there is no language of expressions; write "source", "aggregate", "window" and "condition"']
const inSource: Foreign = ['source', 'it belongs under "source"']
const inAnnotations: Foreign = ['annotations', 'it belongs under "annotations"']
const above: Foreign = ['above', 'write "above"']
const below: Foreign = ['below', 'write "below"']
const inRoutes: Foreign = ['routes', 'the root of the tree takes everything at all times; put it into an entry of its "routes"']
const ofKind = (...kinds: string[]): Foreign => [
  'keep_firing_for',
  `only a rule of ${kinds.map((kind) => `"kind: ${kind}"`).join(' or ')} has it`,
]

/**
 * What other systems call our keys, and ours where they are not meant. A person who writes from memory is
 * told the word that is right here.
 */
const foreignKeys: Readonly<Record<string, Foreign>> = {
  alert: ['annotations', 'Prometheus\'s "alert" is "name" here'],
  expr: noExpressions,
  query: noExpressions,
  groups: ['rules', 'rules stand in one list, "rules", without groups; "tidewatch convert prometheus FILE" makes one of Prometheus\'s'],
  rule_files: ['rules', 'rules stand in this file, under "rules"'],
  promql_expr_test: ['alert_rule_test', 'there is no language of expressions; "alert_rule_test" says which alerts fire, and when'],
  group_eval_order: ['rule_files', 'rules stand in one list, without groups'],
  external_labels: ['input_series', 'alerts have the labels of their series and of their rule, and no others'],
  external_url: ['input_series', 'no text of an alert has an address'],
  fuzzy_compare: ['rule_files', 'labels and texts are compared as they are'],
  global: ['receivers', 'each receiver has its own settings here; "tidewatch convert alertmanager FILE" gives them to it'],
  metric: ['source', 'write "source: { measurement: …, field: … }"'],
  measurement: inSource,
  field: inSource,
  group_by: inSource,
  where: inSource,
  threshold: ['condition', 'write "condition: { above: 90 }"'],
  operator: ['condition', 'write "condition: { above: 90 }"'],
  above: ['condition', 'it belongs under "condition"'],
  below: ['condition', 'it belongs under "condition"'],
  until: ['condition', 'it belongs under "condition"'],
  duration: ['for', 'write "for"'],
  interval: ['every', 'write "every"'],
  message: inAnnotations,
  summary: inAnnotations,
  description: inAnnotations,
  gt: above,
  greater_than: above,
  max: above,
  lt: below,
  less_than: below,
  min: below,
  eq: ['equals', 'write "equals"'],
  over: ofKind('ratio', 'burn_rate'),
  percentile: ofKind('histogram'),
  offset: ofKind('compare'),
  objective: ofKind('burn_rate'),
  expression: ofKind('composite'),
  bake: ofKind('deployment'),
  match: ['matchers', 'write "matchers: [severity=critical]"'],
  match_re: ['matchers', 'write "matchers: [host=~web-.*]"'],
  source_match: ['source_matchers', 'write "source_matchers: [severity=critical]"'],
  target_match: ['target_matchers', 'write "target_matchers: [severity=warning]"'],
  matchers: inRoutes,
  mute_time_intervals: inRoutes,
  active_time_intervals: inRoutes,
  digest: inRoutes,
}

/** For a key that nobody knows: another system's key, a slip of the keyboard, or else what there is. */
export function unknownKey(key: string, known: readonly string[]): string {
  const near = didYouMean(key, known)
  const [beside, advice] = ownValue(foreignKeys, key) ?? []
  if (beside !== undefined && known.includes(beside)) return `unknown key: ${advice}`
  return `unknown key${near || (known.length > 0 && known.length <= mostToList ? `; there are ${known.join(', ')}` : '')}`
}

/** A longer list helps nobody. */
const mostToList = 30

/** `, did you mean "channel"?`, when one of the words is near enough. */
export function didYouMean(word: string, known: readonly string[]): string {
  const beginning = known.find(
    (other) => word.length >= 3 && (other.startsWith(word.toLowerCase()) || word.toLowerCase().startsWith(other)),
  )
  const ranked = known.map((other) => ({ other, distance: editDistance(word.toLowerCase(), other.toLowerCase()) }))
  const best = ranked.sort((a, b) => a.distance - b.distance)[0]
  const isNear = best && best.distance < word.length && best.distance <= (word.length < 4 ? 1 : Math.max(2, Math.floor(word.length / 3)))
  const meant = isNear ? best.other : beginning
  return meant === undefined ? '' : `, did you mean "${meant}"?`
}

/** The word that was meant, when a single slip of the keyboard or two lie between; surer than `didYouMean`, and more often silent. */
export function slipOf(word: string, known: readonly string[]): string | undefined {
  if (word.length < 4 || known.includes(word)) return undefined
  return known.find((other) => Math.abs(other.length - word.length) <= 1 && editDistance(word, other) <= 2)
}

/** How many letters must be added, dropped or changed (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) {
      next.push(Math.min((next[j] as number) + 1, (row[j + 1] as number) + 1, (row[j] as number) + (letter === other ? 0 : 1)))
    }
    row = next
  }
  return row[b.length] as number
}

/** `1 rule`, `2 rules`; what does not end in "s" when there are several is given. */
export function counted(count: number, noun: string, several = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : several}`
}
