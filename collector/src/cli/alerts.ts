import { styleText } from 'node:util'
import type { Command } from 'commander'
import type { Alert, AlertsResponse } from '../contract/alerts.ts'
import { formatDuration } from '../lib/duration.ts'
import type { Severity } from '../model/alert.ts'
import { askCollector, clientCommand, type Target } from './collector-client.ts'
import { type Format, formatOption, print } from './format-option.ts'

type Wish = Target & { state?: string; severity?: string; label: string[]; text?: string; past?: boolean; limit: string; format: Format }

const gather = (value: string, before: string[]): string[] => [...before, value]

export function alertsCommand(): Command {
  return clientCommand('alerts', 'read')
    .description('Lists the alerts that are active, the worst first.')
    .option('--state <states>', 'pending, firing, recovering, no_data, error; separated by commas')
    .option('--severity <severities>', 'info, warning, high, critical; separated by commas')
    .option('--label <name=value>', 'a label that it has, such as team=shop or alertname=Slow; repeated: all of them', gather, [])
    .option('--text <text>', 'what a label or annotation must contain')
    .option('--past', 'those that ended in the last day, too')
    .option('--limit <count>', 'at most this many', '100')
    .addOption(formatOption())
    .action(async ({ url, token, ...wish }: Wish) => {
      const answer = await askCollector<AlertsResponse>({ url, token }, 'GET', `/api/v1/alerts?${toQuery(wish)}`)
      print(wish.format, answer, () => listText(answer, wish, Date.now()))
    })
}

type Filter = Omit<Wish, keyof Target | 'format'>

function toQuery({ state, severity, label, text, past, limit }: Filter): URLSearchParams {
  const given = Object.entries({ state, severity, text, limit }).filter((pair): pair is [string, string] => pair[1] !== undefined)
  const query = new URLSearchParams([...given, ...(past ? [['past', 'true'] as [string, string]] : [])])
  for (const pair of label) query.append('label', pair)
  return query
}

/** With a filter, that nothing was found does not mean that all is well. */
function listText({ alerts, total }: AlertsResponse, { state, severity, label, text, past }: Filter, nowMs: number): string {
  const isFiltered = label.length > 0 || [state, severity, text].some((filter) => filter !== undefined)
  if (total === 0) return isFiltered ? 'No such alert.' : past ? 'No alert was active.' : 'No alert is active.'
  const more = total > alerts.length ? [`… and ${total - alerts.length} more (--limit)`] : []
  return [...alerts.map((alert) => toText(alert, nowMs)), ...more].join('\n')
}

const colours: Readonly<Record<Severity, Parameters<typeof styleText>[0]>> = {
  critical: ['bold', 'red'],
  high: 'red',
  warning: 'yellow',
  info: 'blue',
}

function toText(alert: Alert, nowMs: number): string {
  const labels = Object.entries(alert.labels).flatMap(([name, value]) =>
    name === 'alertname' || name === 'severity' ? [] : [`${name}=${value}`],
  )
  const endMs = alert.endsAt && alert.state === 'resolved' ? Date.parse(alert.endsAt) : nowMs
  const forMs = Math.max(0, Math.round((endMs - Date.parse(alert.startsAt)) / 1000) * 1000)
  const notes = [
    ...(alert.acknowledgedBy ? [`taken by ${alert.acknowledgedBy}`] : []),
    ...(alert.status === 'suppressed' ? [whySuppressed(alert)] : []),
  ]
  const severity = styleText(colours[alert.severity], alert.severity.padEnd(8))
  const head = [alert.id, severity, alert.state.padEnd(10), alert.rule, labels.join(' '), `for ${formatDuration(forMs)}`]
  return [head.join('  '), ...[alert.annotations.summary ?? '', ...notes].filter((line) => line !== '').map((line) => `  ${line}`)].join(
    '\n',
  )
}

function whySuppressed({ silencedBy = [], inhibitedBy = [], mutedBy = [] }: Alert): string {
  const reasons = [
    ...silencedBy.map((id) => `silence ${id}`),
    ...inhibitedBy.map((id) => `alert ${id}`),
    ...mutedBy.map((name) => `time interval ${name}`),
  ]
  return `kept from receivers by ${reasons.join(', ')}`
}
