import type { ReplayedAlert, ReplayedMessage, ReplayReport } from '../../contract/replay.ts'
import { formatDuration } from '../../lib/duration.ts'

const linesMax = 500

/** A replay for a person who is tired: what it comes to, what would have been sent and when, and what nobody would have heard of. */
export function toReplayText(report: ReplayReport): string {
  const { from, to, messages, alerts, samples } = report
  const silent = alerts.filter((alert) => alert.messages === 0)
  return [
    `${timeText(from)} to ${timeText(to)} UTC: ${counted(messages.length, 'message')} about ${counted(alerts.length, 'alert')}, from ${samples} samples.`,
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
    ...section('Rules that could not be evaluated', report.failures),
    ...section(
      'Rules that look back further than what is stored',
      report.shortHistory.map(
        ({ rule, measurement, looksBackTo, beginsAt }) =>
          `${rule}: back to ${timeText(looksBackTo)}, but ${measurement} begins ${timeText(beginsAt)}`,
      ),
    ),
    ...section('Not as exact as it was', coarseTexts(report)),
  ].join('\n')
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)]
}

function messageText({ at, receiver, status, reason, alerts }: ReplayedMessage): string {
  const [first] = alerts
  const more = alerts.length > 1 ? ` and ${counted(alerts.length - 1, 'more alert')}` : ''
  const word = status === 'resolved' ? 'RESOLVED' : (first?.severity.toUpperCase() ?? 'FIRING')
  const cause = first?.cause && status === 'firing' ? `; ${first.cause.summary}` : ''
  return `${timeText(at)}  ${receiver}  ${word} ${first ? subject(first) : ''}${more} (${reason}${cause})`
}

function subject({ rule, labels }: { readonly rule: string; readonly labels: Readonly<Record<string, string>> }): string {
  const where = Object.entries(labels).filter(([name]) => name !== 'alertname' && name !== 'severity')
  return where.length === 0 ? rule : `${rule} ${where.map(([name, value]) => `${name}=${value}`).join(' ')}`
}

function silentText(alert: ReplayedAlert): string {
  const { startsAt, endsAt, suppressedBy } = alert
  const lasted = endsAt === null ? 'fires still' : `for ${lasting(Date.parse(endsAt) - Date.parse(startsAt))}`
  return `${timeText(startsAt)}  ${subject(alert)}, ${lasted}: ${suppressedBy.join(', ') || 'over before its group was told, or not told by its route'}`
}

function coarseTexts({ coarse }: ReplayReport): string[] {
  return [...Map.groupBy(coarse, ({ measurement }) => measurement)].map(([measurement, parts]) => {
    const [first] = parts
    const goneMs = parts.reduce((sum, { from, to }) => sum + Date.parse(to) - Date.parse(from), 0)
    return `${measurement}: raw samples are gone for ${lasting(goneMs)}, the first from ${timeText(first?.from ?? '')}; averages of ${formatDuration(first?.everyMs ?? 0)} stood in, which hide peaks`
  })
}

function cut(lines: readonly string[]): readonly string[] {
  return lines.length <= linesMax ? lines : [...lines.slice(0, linesMax), `… and ${lines.length - linesMax} more; --format json has all`]
}

const timeText = (rfc3339: string): string => rfc3339.slice(0, 19).replace('T', ' ')
const lasting = (ms: number): string => formatDuration(Math.round(ms / 1000) * 1000)
const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
