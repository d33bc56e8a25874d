import { compareNaturally } from '../../format/natural-order.ts'

/** A label test as its author is writing it. */
export type DraftMatcher = { readonly key: string; readonly text: string; readonly isUsed: boolean }

/** The tests that match exactly the alerts with these labels; the author takes away what is too narrow. */
export function toDraftMatchers(labels: Readonly<Record<string, string>>): DraftMatcher[] {
  return Object.entries(labels)
    .sort(([left], [right]) => Number(right === 'alertname') - Number(left === 'alertname') || compareNaturally(left, right))
    .map(([name, value]) => ({ key: name, text: toMatcherText(name, value), isUsed: true }))
}

/** As Alertmanager writes it; names that are no plain words are quoted. */
function toMatcherText(name: string, value: string): string {
  return `${/^[a-zA-Z_][\w.:/-]*$/.test(name) ? name : JSON.stringify(name)}=${JSON.stringify(value)}`
}

/** What is sent: the tests in use that say something. */
export function toMatcherTexts(draft: readonly DraftMatcher[]): string[] {
  return draft.filter(({ isUsed, text }) => isUsed && text.trim() !== '').map(({ text }) => text.trim())
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
  const kept = `Of ${count(notificationsTotal, 'notification')} in ${when} it would have kept back ${notificationsSuppressed}`
  return notificationsShortened === 0 ? `${kept}.` : `${kept} and shortened ${notificationsShortened}.`
}

export function count(amount: number, noun: string): string {
  return `${new Intl.NumberFormat('en').format(amount)} ${noun}${amount === 1 ? '' : 's'}`
}
