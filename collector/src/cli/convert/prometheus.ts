import { z } from 'zod'
import { ruleSchema } from '../../alerts/rules/definition/rule-schema.ts'
import { toSeverity } from '../../alerts/severity.ts'
import { parseWith } from '../../lib/problems.ts'
import type { Converted, Part } from './converted.ts'
import { toExpressionRule } from './expression-rule.ts'
import { ExpressionProblem } from './promql-words.ts'
import { toOurText } from './texts.ts'

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String)
const texts = z.record(z.string(), text).default({})
const theirRule = z.looseObject({
  alert: z.string().optional(),
  record: z.string().optional(),
  expr: text.default(''),
  title: z.string().optional(),
  data: z.unknown().optional(),
  for: text.optional(),
  keep_firing_for: text.optional(),
  labels: texts,
  annotations: texts,
})
const groupSchema = z.looseObject({
  name: z.string().default(''),
  interval: text.optional(),
  limit: z.number().optional(),
  labels: texts,
  rules: z.array(theirRule).default([]),
})

/** Kubernetes wraps the file in a PrometheusRule. */
function unwrapped(file: unknown): unknown {
  const spec = (file as { spec?: { groups?: unknown } } | null)?.spec
  return spec?.groups === undefined ? file : { groups: spec.groups, at: ['spec'] }
}

/** A file of rules as Prometheus, vmalert and Mimir read it. */
export const ruleFileSchema = z.preprocess(unwrapped, z.looseObject({ groups: z.array(groupSchema), at: z.array(z.string()).default([]) }))

type TheirRule = z.output<typeof theirRule>
type Group = z.output<typeof groupSchema>

/** Rules of ours from a file of Prometheus's: those that say the same, and of each other one why there is none. */
export function fromPrometheus(file: z.output<typeof ruleFileSchema>): Converted {
  const rules: Part[] = []
  const left: Converted['left'][number][] = []
  const names = new Set<string>()
  for (const [groupIndex, one] of file.groups.entries())
    for (const [ruleIndex, theirs] of one.rules.entries()) {
      const path = [...file.at, 'groups', groupIndex, 'rules', ruleIndex]
      const converted = toOurRule(theirs, one, names)
      if (typeof converted === 'string')
        left.push({ path, what: theirs.alert ?? theirs.record ?? theirs.title ?? theirs.expr, why: converted })
      else {
        rules.push(converted)
        names.add(String(converted.value.name))
      }
    }
  return { parts: { rules }, left }
}

/** The rule, or why there is none. */
function toOurRule(theirs: TheirRule, group: Group, names: ReadonlySet<string>): Part | string {
  if (theirs.data !== undefined)
    return "is a rule of Grafana's own: leave it there and have Grafana tell of its alerts (hooks of type grafana), or write it anew"
  if (theirs.alert === undefined)
    return 'is a recording rule; rules here aggregate themselves: those that look at it must be written for what it is made of'
  const { interval, limit, labels } = group
  try {
    const { keys, notes } = toExpressionRule(theirs.expr)
    const frame = toFrame({ ...theirs, labels: { ...labels, ...theirs.labels } }, names)
    const value = {
      name: frame.name,
      ...keys,
      ...(theirs.for !== undefined && { for: theirs.for }),
      ...(theirs.keep_firing_for !== undefined && { keep_firing_for: theirs.keep_firing_for }),
      ...frame.keys,
      ...(interval !== undefined && { every: interval }),
      ...(limit !== undefined && limit > 0 && { limit }),
    }
    const { problems } = parseWith(ruleSchema, value)
    if (problems.length > 0) return problems.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
    return { value, notes: [...notes, ...frame.notes, ...leftBehind(theirs, theirRule), ...leftBehind(group, groupSchema)] }
  } catch (thrown) {
    if (thrown instanceof ExpressionProblem) return `${thrown.message} (${theirs.expr.trim().replaceAll(/\s+/g, ' ')})`
    throw thrown
  }
}

/** Settings that are not looked at, such as `query_offset`. */
function leftBehind(given: object, { shape }: { readonly shape: object }): string[] {
  const unread = Object.keys(given).filter((key) => !Object.hasOwn(shape, key))
  return unread.length === 0 ? [] : [`${unread.join(', ')}: not brought over`]
}

/** What every rule has. An alert of Prometheus ends when its series is gone. */
function toFrame({ alert = '', labels, annotations }: TheirRule, names: ReadonlySet<string>) {
  const { severity: word, ...others } = labels
  const severity = word === undefined ? undefined : toSeverity(word)
  const notes: string[] = []
  if (word !== undefined && severity === undefined)
    notes.push(
      `severity: ${word} is none of info, warning, high and critical; it is the label their_severity now, and the severity is warning`,
    )
  const own = severity === undefined && word !== undefined ? { ...others, their_severity: word } : others
  const name = freeName(alert, severity ?? 'warning', names)
  if (name !== alert)
    notes.push(`there is a rule ${alert} already and names are unique, so alertname is another: look at routes that name it`)
  const [ourLabels, ourTexts] = [toOurTexts('labels', own, notes), toOurTexts('annotations', annotations, notes)]
  const keys = {
    ...(severity !== undefined && { severity }),
    ...(Object.keys(own).length > 0 && { labels: ourLabels }),
    ...(Object.keys(annotations).length > 0 && { annotations: ourTexts }),
    on_no_data: 'ok',
  }
  return { name, keys, notes }
}

function freeName(alert: string, severity: string, names: ReadonlySet<string>): string {
  if (!names.has(alert)) return alert
  let [name, count] = [`${alert}-${severity}`, 2]
  while (names.has(name)) name = `${alert}-${severity}-${count++}`
  return name
}

function toOurTexts(where: string, given: Readonly<Record<string, string>>, notes: string[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).map(([key, text]) => {
      const converted = toOurText(text)
      notes.push(...converted.notes.map((note) => `${where}.${key}: ${note}`))
      return [key, converted.text]
    }),
  )
}
