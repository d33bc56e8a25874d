import type { Command } from 'commander'
import type { AuditEntryView, AuditResponse } from '../contract/audit.ts'
import { askCollector, clientCommand, type Target } from './collector-client.ts'
import { type Format, formatOption, print } from './format-option.ts'

export function auditCommand(): Command {
  return clientCommand('audit', 'admin')
    .description('Who did what to what; the newest first.')
    .option('--actor <name>', 'only what this one did')
    .option('--action <action>', 'only this, such as alert.resolve')
    .option('--target <id>', 'only to this alert, silence or deployment')
    .option('--from <time>', 'since when: 24h, or a time such as 2026-11-21T03:00:00Z')
    .option('--limit <count>', 'at most this many', '50')
    .addOption(formatOption())
    .action(async ({ format, url, token, ...filter }: Target & { format: Format } & Record<string, string>) => {
      const answer = await askCollector<AuditResponse>({ url, token }, 'GET', `/api/v1/admin/audit?${new URLSearchParams(filter)}`)
      print(format, answer, () => (answer.entries.length === 0 ? 'Nobody did anything.' : toText(answer)))
    })
}

function toText({ entries, hasMore }: AuditResponse): string {
  const more = hasMore ? ['… and older ones (--limit)'] : []
  return [...entries.map(toLine), ...more].join('\n')
}

function toLine({ at, actor, action, target, detail }: AuditEntryView): string {
  const why = typeof detail.comment === 'string' && detail.comment !== '' ? `: ${detail.comment}` : ''
  const rule = typeof detail.rule === 'string' ? ` (${detail.rule})` : ''
  return `${at}  ${actor}  ${action}  ${target}${rule}${why}`
}
