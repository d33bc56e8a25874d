import { compareNaturally } from '../../../format/natural-order.ts'
import { counted } from '../../../format/words.ts'

/** A label test as its author is writing it. */
export type DraftMatcher = { readonly key: string; readonly text: string; readonly isUsed: boolean }

const valuesOfferedMax = 12

/**
 * The tests that match all alerts with these labels: what they share is in use, and the author takes away what is
 * too narrow. Labels that all of them have, with a few values, are offered as a choice of these, for whoever wants
 * to cover no others that come.
 */
export function toDraftMatchers(all: readonly Readonly<Record<string, string>>[]): DraftMatcher[] {
  const draft = namesInOrder(all[0] ?? {}).flatMap((name) => {
    const values = [...new Set(all.map((labels) => labels[name]))].filter((value) => value !== undefined)
    const areAll = all.every((labels) => labels[name] !== undefined)
    if (!areAll || values.length > valuesOfferedMax) return []
    const isUsed = values.length === 1
    return [{ key: name, text: isUsed ? toMatcherText(name, '=', values[0] ?? '') : toMatcherText(name, '=~', toChoice(values)), isUsed }]
  })
  return draft.sort((left, right) => Number(right.isUsed) - Number(left.isUsed))
}

/** The rule's name first: it says most. */
function namesInOrder(labels: Readonly<Record<string, string>>): string[] {
  return Object.keys(labels).sort(
    (left, right) => Number(right === 'alertname') - Number(left === 'alertname') || compareNaturally(left, right),
  )
}

/** An expression for any of these values, and for nothing else. */
function toChoice(values: readonly string[]): string {
  return [...values]
    .sort(compareNaturally)
    .map((value) => value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('|')
}

/** As Alertmanager writes it; names that are no plain words are quoted. */
function toMatcherText(name: string, operator: '=' | '=~', value: string): string {
  return `${/^[a-zA-Z_][\w.:/-]*$/.test(name) ? name : JSON.stringify(name)}${operator}${JSON.stringify(value)}`
}

/** What is sent: the tests in use that say something. */
export function toMatcherTexts(draft: readonly DraftMatcher[]): string[] {
  return draft.filter(({ isUsed, text }) => isUsed && text.trim() !== '').map(({ text }) => text.trim())
}

/** Whether a silence covers what it is made for, and what else: ids of alerts. Empty when there is nothing to add. */
export function toReachSentence(covered: readonly string[], wanted: readonly string[]): string {
  const reached = new Set(covered)
  const missed = wanted.filter((id) => !reached.has(id)).length
  const others = covered.length - (wanted.length - missed)
  if (wanted.length === 1) return missed === 1 ? 'The alert it is made for is not among them.' : ''
  return [
    missed > 0 && `${missed} of the ${wanted.length} alerts of the group ${missed === 1 ? 'is' : 'are'} not among them.`,
    others > 0 && `${others} of them ${others === 1 ? 'is' : 'are'} outside the group.`,
  ]
    .filter((sentence) => sentence !== false)
    .join(' ')
}

export type SilencePreviewFigures = {
  notificationsSuppressed: number
  notificationsShortened: number
  notificationsTotal: number
  days: number
}

/** What a silence would have done, in one sentence. */
export function toPreviewSentence({
  notificationsSuppressed,
  notificationsShortened,
  notificationsTotal,
  days,
}: SilencePreviewFigures): string {
  const when = days === 1 ? 'the past day' : `the past ${days} days`
  if (notificationsTotal === 0) return `Nobody was notified of anything in ${when}, so there is nothing it would have kept back.`
  const kept = `Of ${counted(notificationsTotal, 'notification')} in ${when} it would have kept back ${notificationsSuppressed}`
  return notificationsShortened === 0 ? `${kept}.` : `${kept} and shortened ${notificationsShortened}.`
}
