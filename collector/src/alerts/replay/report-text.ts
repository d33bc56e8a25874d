import type { ReplayedAlert, ReplayedMessage, ReplayReport } from '../../contract/replay.ts'
import { formatDuration } from '../../lib/duration.ts'
import { counted } from '../../lib/words.ts'
import { cut, lastedText, lasting, section, subject, timeText } from './words.ts'

/** A replay for a person who is tired: what it comes to, what would have been sent and when, and what nobody would have heard of. */
export function toReplayText(report: ReplayReport): string {
  const { from, to, messages, alerts, samples } = report
  const silent = alerts.filter((alert) => alert.messages === 0)
  return [
    `${timeText(from)} to ${timeText(to)} UTC: ${counted(messages.length, 'message')} about ${counted(alerts.length, 'alert')}, from ${counted(samples, 'sample')}.`,
    ...section(
      'By rule',
      report.rules.map(
        (one) => `${one.rule}: ${counted(one.alerts, 'alert')}, ${counted(one.messages, 'message')}, firing for ${lasting(one.firingMs)}`,
      ),
    ),
    ...section(
      'By receiver',
      report.receivers.map(({ receiver, firing, resolved }) => `${receiver}: ${firing} firing, ${resolved} resolved`),
    ),
    ...section('What would have been sent', cut(messages.map(messageText))),
    ...section('What nobody would have heard of', cut(silent.map(silentText))),
    ...caveatSections(report),
  ].join('\n')
}

type Caveats = Pick<ReplayReport, 'coarse' | 'shortHistory' | 'failures'>

/** What one must know to believe it. */
export function caveatSections({ coarse, shortHistory, failures }: Caveats): string[] {
  return [
    ...section('Rules that could not be evaluated', failures),
    ...section(
      'Rules that look back further than what is stored',
      shortHistory.map(
        ({ rule, measurement, looksBackTo, beginsAt }) =>
          `${rule}: back to ${timeText(looksBackTo)}, but ${measurement} begins ${timeText(beginsAt)}`,
      ),
    ),
    ...section('Not as exact as it was', coarseTexts(coarse)),
  ]
}

function messageText({ at, receiver, status, reason, alerts }: ReplayedMessage): string {
  const [first] = alerts
  const more = alerts.length > 1 ? ` and ${counted(alerts.length - 1, 'more alert')}` : ''
  const word = status === 'resolved' ? 'RESOLVED' : (first?.severity.toUpperCase() ?? 'FIRING')
  const cause = first?.cause && status === 'firing' ? `; ${first.cause.summary}` : ''
  return `${timeText(at)}  ${receiver}  ${word} ${first ? subject(first) : ''}${more} (${reason}${cause})`
}

function silentText(alert: ReplayedAlert): string {
  return `${timeText(alert.startsAt)}  ${subject(alert)}, ${lastedText(alert)}: ${alert.suppressedBy.join(', ') || 'over before its group was told, or not told by its route'}`
}

function coarseTexts(coarse: Caveats['coarse']): string[] {
  return [...Map.groupBy(coarse, ({ measurement }) => measurement)].map(([measurement, parts]) => {
    const [first] = parts
    const goneMs = parts.reduce((sum, { from, to }) => sum + Date.parse(to) - Date.parse(from), 0)
    return `${measurement}: raw samples are gone for ${lasting(goneMs)}, the first from ${timeText(first?.from ?? '')}; averages of ${formatDuration(first?.everyMs ?? 0)} stood in, which hide peaks`
  })
}
