import type { DataFrame, PanelData } from '@grafana/data'
import type { Severity } from '../../../../../collector/src/contract/alerts.ts'
import { createColumns } from '../../../format/columns.ts'
import { toDurationText } from '../../../format/durations.ts'
import { compareNaturally } from '../../../format/natural-order.ts'
import { severityLooks, toSeverity } from '../looks.ts'

/** What a rule asked of people in a time. */
export type RuleNoise = {
  readonly rule: string
  readonly severity: Severity
  readonly messages: number
  readonly times: number
  readonly firingMs: number
  readonly flaps: number
  /** Shares from 0 to 1; null when there is nothing they could be shares of. */
  readonly actedOn: number | null
  readonly precision: number | null
  readonly marked: number
}

export type NoiseKey = Exclude<keyof RuleNoise, 'marked'>

/** A figure, how it is called, and what it says. */
export type NoiseFigure = { readonly key: NoiseKey; readonly name: string; readonly says: string; show(rule: RuleNoise): string }

const none = '–'
const share = (value: number | null) => (value === null ? none : `${Math.round(value * 100)} %`)
const whole = new Intl.NumberFormat('en')

export const figures: readonly NoiseFigure[] = [
  { key: 'messages', name: 'Messages', says: 'Notifications that told of its alerts.', show: ({ messages }) => whole.format(messages) },
  { key: 'times', name: 'Times', says: 'How often an alert of it fired.', show: ({ times }) => whole.format(times) },
  { key: 'firingMs', name: 'Firing', says: 'How long its alerts fired, added up.', show: ({ firingMs }) => toDurationText(firingMs) },
  { key: 'flaps', name: 'Flaps', says: 'How often one came back within 15 minutes.', show: ({ flaps }) => whole.format(flaps) },
  {
    key: 'actedOn',
    name: 'Acted on',
    says: 'Acknowledged or resolved by somebody, of those that a receiver was told of.',
    show: ({ actedOn }) => share(actedOn),
  },
  {
    key: 'precision',
    name: 'Precision',
    says: 'Marked useful, of all that were marked.',
    show: ({ precision, marked }) => (precision === null ? none : `${share(precision)} of ${marked}`),
  },
]

/** Whether the panel's query asks for noise, which it draws in place of alerts. */
export function asksForNoise({ series, request }: Pick<PanelData, 'series' | 'request'>): boolean {
  const asked = request?.targets.some((target) => 'view' in target && target.view === 'noise')
  return asked === true || series.some((frame) => createColumns(frame).has('rule', 'episodes', 'firing_ms'))
}

export function toNoise(frames: readonly DataFrame[]): RuleNoise[] {
  return frames.flatMap((frame) => {
    const columns = createColumns(frame)
    if (!columns.has('rule', 'episodes')) return []
    const figure = (name: string, row: number) => columns.number(name, row) ?? 0
    return Array.from({ length: frame.length }, (_none, row) => ({
      rule: columns.text('rule', row),
      severity: toSeverity(columns.text('severity', row)),
      messages: figure('notifications', row),
      times: figure('episodes', row),
      firingMs: figure('firing_ms', row),
      flaps: figure('flaps', row),
      actedOn: columns.number('acted_on_share', row),
      precision: columns.number('precision', row),
      marked: figure('useful', row) + figure('not_useful', row),
    }))
  })
}

/** The most first, or the least; what is unknown stands last in both, and what is alike by name. */
export function sortNoise(rules: readonly RuleNoise[], key: NoiseKey, isDescending: boolean): RuleNoise[] {
  const sign = isDescending ? -1 : 1
  return [...rules].sort((left, right) => {
    const [a, b] = [figureOf(left, key), figureOf(right, key)]
    if (a === null || b === null) return Number(a === null) - Number(b === null) || compareNaturally(left.rule, right.rule)
    const order = typeof a === 'string' ? compareNaturally(a, String(b)) : a - Number(b)
    return sign * order || compareNaturally(left.rule, right.rule)
  })
}

function figureOf(rule: RuleNoise, key: NoiseKey): string | number | null {
  return key === 'severity' ? severityLooks[rule.severity].rank : rule[key]
}
