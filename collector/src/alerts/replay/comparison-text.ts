import { counted } from '../../lib/words.ts'
import type { BeforeAfter, OneSided, ReplayComparison, RuleChanges } from './comparison.ts'
import { caveatSections } from './report-text.ts'
import { cut, lastedText, lasting, section, subject, timeText } from './words.ts'

/** What other rules would change, for whoever must say yes to them: figures side by side, then every alert that is lost, new or told later. */
export function toComparisonText(comparison: ReplayComparison, proposed: string, changes?: RuleChanges): string {
  const { from, to, samples, messages, alerts, missed, added, moved, rerouted, caveats } = comparison
  return [
    `${timeText(from)} to ${timeText(to)} UTC, ${counted(samples, 'sample')}: the rules in force → ${proposed}`,
    ...(changes ? section('Rules', changeLines(changes)) : []),
    ...section(
      'In all',
      aligned([
        ['messages', arrow(messages)],
        ['alerts', arrow(alerts)],
      ]),
    ),
    ...section('Messages by receiver', aligned(comparison.receivers.map(({ receiver, ...counts }) => [receiver, arrow(counts)]))),
    ...section('Messages and alerts by rule', aligned(comparison.rules.map((one) => [one.rule, arrow(one.messages), arrow(one.alerts)]))),
    ...section(
      `Missed: ${counted(missed.length, 'alert')} of which somebody heard, and nobody would`,
      cut(missed.map((one) => lostText(one, 'is not told'))),
    ),
    ...section(
      `New: ${counted(added.length, 'alert')} of which somebody would hear, and nobody did`,
      cut(added.map((one) => lostText(one, 'was not told'))),
    ),
    ...section('Told at another time', cut(movedTexts(moved))),
    ...section('Told to others', cut(rerouted.map(reroutedText))),
    ...(missed.length + added.length + moved.length + rerouted.length === 0
      ? ['', 'The same alerts are told to the same receivers at the same times.']
      : []),
    ...caveatSections(caveats),
  ].join('\n')
}

function changeLines({ gone, added, changed }: RuleChanges): string[] {
  const kinds = { gone, new: added, changed }
  return Object.entries(kinds).flatMap(([word, names]) => (names.length === 0 ? [] : [`${word}: ${names.join(', ')}`]))
}

function arrow({ before, after }: BeforeAfter): string {
  const difference = after - before
  return `${before} → ${after}${difference === 0 ? '' : ` (${difference > 0 ? '+' : '−'}${Math.abs(difference)})`}`
}

/** Columns one below the other. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>((most, row) => row.map((text, index) => Math.max(most[index] ?? 0, text.length)), [])
  return rows.map((row) =>
    row
      .map((text, index) => text.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

function lostText({ alert, receivers, untold }: OneSided, notTold: string): string {
  const otherwise = untold
    ? `; there it fires and ${notTold}: ${untold.suppressedBy.join(', ') || 'over before its group, or no route tells it'}`
    : ''
  return `${timeText(alert.startsAt)}  ${alert.severity.toUpperCase()} ${subject(alert)}, ${lastedText(alert)}, to ${receivers.join(', ')}${otherwise}`
}

/** Alerts of one group move together: they are one line. */
function movedTexts(moved: ReplayComparison['moved']): string[] {
  const together = Map.groupBy(moved, ({ before, after }) => [before.alert.rule, before.toldAt, after.toldAt].join())
  return [...together.values()].flatMap((all) => {
    const [first] = all
    if (!first) return []
    const { before, after, laterMs } = first
    const what = all.length === 1 ? subject(before.alert) : `${before.alert.rule}, ${counted(all.length, 'alert')}`
    const difference = `${lasting(Math.abs(laterMs))} ${laterMs > 0 ? 'later' : 'sooner'}`
    return `${what}: ${timeText(before.toldAt)} → ${timeText(after.toldAt)} (${difference})`
  })
}

function reroutedText({ before, after }: ReplayComparison['rerouted'][number]): string {
  return `${timeText(before.alert.startsAt)}  ${subject(before.alert)}: ${before.receivers.join(', ')} → ${after.receivers.join(', ')}`
}
