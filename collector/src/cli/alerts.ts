import type { Command } from 'commander'
import type { Alert, AlertsResponse } from '../contract/alerts.ts'
import { formatDuration } from '../lib/duration.ts'
import { actorByDefault, askCollector, clientCommand, type Target } from './collector-client.ts'

export function alertsCommand(): Command {
  return clientCommand('alerts', 'read')
    .description('Lists the alerts that are active, the worst first.')
    .option('--state <states>', 'pending, firing, recovering, no_data, error; separated by commas')
    .option('--severity <severities>', 'info, warning, high, critical; separated by commas')
    .option('--text <text>', 'what a label or annotation must contain')
    .option('--json', 'print the answer as it is')
    .action(
      async ({ state, severity, text, json, ...target }: Target & { state?: string; severity?: string; text?: string; json?: boolean }) => {
        const given = Object.entries({ state, severity, text }).filter((pair): pair is [string, string] => pair[1] !== undefined)
        const query = new URLSearchParams(given)
        const answer = await askCollector<AlertsResponse>(target, 'GET', `/api/v1/alerts?${query}`)
        if (json) console.log(JSON.stringify(answer, null, 2))
        else console.log(answer.total === 0 ? 'No alert is active.' : answer.alerts.map((alert) => toText(alert, Date.now())).join('\n'))
      },
    )
}

export function ackCommand(): Command {
  return clientCommand('ack', 'operate')
    .description('Takes an alert: repeats and escalation stop, for a while or until it ends.')
    .argument('<id>', 'as "tidewatch alerts" prints it')
    .option('--actor <name>', 'who takes it', actorByDefault())
    .option('--comment <text>', 'what is being done', '')
    .option('--for <duration>', 'how long, such as 2h (default: until it ends)')
    .action(async (id: string, { actor, comment, for: length, ...target }: Target & { actor: string; comment: string; for?: string }) => {
      const body = { actor, comment, ...(length !== undefined && { for: length }) }
      const alert = await askCollector<Alert>(target, 'POST', `/api/v1/alerts/${encodeURIComponent(id)}/ack`, body)
      console.log(`${alert.rule} is taken by ${actor}${alert.acknowledgedUntil ? ` until ${alert.acknowledgedUntil}` : ''}.`)
    })
}

function toText(alert: Alert, nowMs: number): string {
  const labels = Object.entries(alert.labels).flatMap(([name, value]) =>
    name === 'alertname' || name === 'severity' ? [] : [`${name}=${value}`],
  )
  const forMs = Math.max(0, Math.round((nowMs - Date.parse(alert.startsAt)) / 1000) * 1000)
  const notes = [
    ...(alert.acknowledgedBy ? [`taken by ${alert.acknowledgedBy}`] : []),
    ...(alert.status === 'suppressed' ? [whySuppressed(alert)] : []),
  ]
  const head = [alert.id, alert.severity.padEnd(8), alert.state.padEnd(10), alert.rule, labels.join(' '), `for ${formatDuration(forMs)}`]
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
