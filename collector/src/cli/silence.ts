import { Command } from 'commander'
import type { SilencePreviewResponse, SilencesResponse, SilenceView } from '../contract/silences.ts'
import { counted } from '../lib/words.ts'
import { actorByDefault, askCollector, clientCommand, type Target } from './collector-client.ts'
import { forEachId } from './each-id.ts'
import { type Format, formatOption, print } from './format-option.ts'

type Wish = Target & { for: string; comment: string; author: string; untilDeployment?: string; preview?: boolean; format: Format }

export function silenceCommand(): Command {
  return new Command('silence')
    .description('Makes, lists, previews and ends silences.')
    .addCommand(add())
    .addCommand(list())
    .addCommand(preview())
    .addCommand(expire())
}

const add = () =>
  clientCommand('add', 'operate')
    .description('Keeps alerts from receivers for a while.')
    .argument('<matchers...>', `such as 'service="checkout"' or 'host=~"web-.*"'; an alert must pass all of them`)
    .requiredOption('--for <duration>', 'how long, such as 2h')
    .requiredOption('--comment <text>', 'why')
    .option('--author <name>', 'who answers for it', actorByDefault())
    .option('--until-deployment <id>', 'ends with this deployment, if that comes first')
    .option('--preview', 'only say what it would cover, as "silence preview" does')
    .addOption(formatOption())
    .action(async (matchers: string[], { comment, author, for: length, untilDeployment, preview, format, ...target }: Wish) => {
      if (preview) return showPreview(target, matchers, 7, format)
      const body = { matchers, comment, createdBy: author, for: length, ...(untilDeployment && { untilDeployment }) }
      const silence = await askCollector<SilenceView>(target, 'POST', '/api/v1/silences', body)
      print(format, silence, () => `Silence ${silence.id} is ${silence.state} until ${silence.endsAt}.`)
    })

const list = () =>
  clientCommand('list', 'read')
    .description('The silences that are active or pending.')
    .option('--all', 'those that have expired, too')
    .addOption(formatOption())
    .action(async ({ all, format, ...target }: Target & { all?: boolean; format: Format }) => {
      const answer = await askCollector<SilencesResponse>(target, 'GET', `/api/v1/silences${all ? '' : '?state=active,pending'}`)
      print(format, answer, () => (answer.silences.length === 0 ? 'There is no silence.' : answer.silences.map(toText).join('\n')))
    })

const preview = () =>
  clientCommand('preview', 'read')
    .description('What a silence would cover now, and what it would have kept back.')
    .argument('<matchers...>', `such as 'service="checkout"'`)
    .option('--days <days>', 'how far to look back', '7')
    .addOption(formatOption())
    .action(async (matchers: string[], { days, format, ...target }: Target & { days: string; format: Format }) =>
      showPreview(target, matchers, Number(days), format),
    )

async function showPreview(target: Target, matchers: readonly string[], days: number, format: Format): Promise<void> {
  const seen = await askCollector<SilencePreviewResponse>(target, 'POST', '/api/v1/silences/preview', { matchers, days })
  print(format, seen, () => {
    const { alerts, notificationsSuppressed, notificationsShortened, notificationsTotal } = seen
    const covered = alerts.map(({ id, rule }) => `\n  ${id}  ${rule}`).join('')
    const past = `${counted(notificationsTotal, 'notification')} of the past ${counted(seen.days, 'day')}`
    return `Covers ${counted(alerts.length, 'active alert')}${covered}\nOf ${past} it would have kept back ${notificationsSuppressed} and shortened ${notificationsShortened}.`
  })
}

const expire = () =>
  clientCommand('expire', 'operate')
    .description('Ends silences now. Exit code 1 when one cannot be ended.')
    .argument('<ids...>', 'as "tidewatch silence list" prints them')
    .option('--actor <name>', 'who ends it', actorByDefault())
    .addOption(formatOption())
    .action(async (ids: string[], { actor, format, ...target }: Target & { actor: string; format: Format }) => {
      const silences = await forEachId(ids, async (id) => {
        const path = `/api/v1/silences/${encodeURIComponent(id)}?actor=${encodeURIComponent(actor)}`
        const silence = await askCollector<SilenceView>(target, 'DELETE', path)
        if (format === 'text') console.log(`Silence ${id} has ended.`)
        return silence
      })
      if (format === 'json') console.log(JSON.stringify({ silences }, null, 2))
    })

function toText({ id, state, matchers, createdBy, comment, startsAt, endsAt, untilDeployment }: SilenceView): string {
  const when = state === 'pending' ? `from ${startsAt} until ${endsAt}` : `until ${endsAt}`
  const deployment = untilDeployment ? `, or the end of deployment ${untilDeployment}` : ''
  return `${id}  ${state.padEnd(7)}  ${matchers.join(', ')}\n  ${when}${deployment}; ${createdBy}: ${comment}`
}
