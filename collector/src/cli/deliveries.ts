import type { Command } from 'commander'
import type { DeliveriesResponse, DeliveryView } from '../contract/deliveries.ts'
import { askCollector, clientCommand, type Target } from './collector-client.ts'
import { type Format, formatOption, print } from './format-option.ts'

export function deliveriesCommand(): Command {
  return clientCommand('deliveries', 'read')
    .description('What was sent to whom, when, and what became of it; the newest first.')
    .option('--receiver <name>', 'only to this one')
    .option('--outcome <outcome>', 'sent, retry or dead_letter')
    .option('--alert <id>', 'only what told of this alert')
    .option('--from <time>', 'since when: 24h, or a time such as 2026-11-21T03:00:00Z')
    .option('--limit <count>', 'at most this many', '50')
    .addOption(formatOption())
    .action(async ({ format, url, token, ...filter }: Target & { format: Format } & Record<string, string>) => {
      const answer = await askCollector<DeliveriesResponse>({ url, token }, 'GET', `/api/v1/deliveries?${new URLSearchParams(filter)}`)
      print(format, answer, () => (answer.total === 0 ? 'Nothing was sent.' : toText(answer)))
    })
}

function toText({ deliveries, total }: DeliveriesResponse): string {
  const more = total > deliveries.length ? [`… and ${total - deliveries.length} more`] : []
  return [...deliveries.map(toLine), ...more].join('\n')
}

function toLine({ at, receiver, outcome, status, reason, alertIds, rules, groupKey, attempt, message }: DeliveryView): string {
  const count = alertIds.length > 1 ? ` (${alertIds.length} alerts)` : ''
  const what = `${rules.length > 0 ? rules.join(', ') : groupKey}${count}`
  const tries = attempt > 1 ? `, try ${attempt}` : ''
  return `${at}  ${outcome.padEnd(11)}  ${receiver}  ${status} ${what}: ${reason}${tries}${message === '' ? '' : ` → ${message}`}`
}
