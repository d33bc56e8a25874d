import { Command } from 'commander'
import type { SilencePreviewResponse, SilencesResponse, SilenceView } from '../contract/silences.ts'
import { actorByDefault, askCollector, clientCommand, type Target } from './collector-client.ts'

type Wish = Target & { for: string; comment: string; author: string; untilDeployment?: string }

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
    .action(async (matchers: string[], { comment, author, for: length, untilDeployment, ...target }: Wish) => {
      const body = { matchers, comment, createdBy: author, for: length, ...(untilDeployment && { untilDeployment }) }
      const silence = await askCollector<SilenceView>(target, 'POST', '/api/v1/silences', body)
      console.log(`Silence ${silence.id} is ${silence.state} until ${silence.endsAt}.`)
    })

const list = () =>
  clientCommand('list', 'read')
    .description('The silences that are active or pending.')
    .option('--all', 'those that have expired, too')
    .option('--json', 'print the answer as it is')
    .action(async ({ all, json, ...target }: Target & { all?: boolean; json?: boolean }) => {
      const answer = await askCollector<SilencesResponse>(target, 'GET', `/api/v1/silences${all ? '' : '?state=active,pending'}`)
      if (json) console.log(JSON.stringify(answer, null, 2))
      else console.log(answer.silences.length === 0 ? 'There is no silence.' : answer.silences.map(toText).join('\n'))
    })

const preview = () =>
  clientCommand('preview', 'read')
    .description('What a silence would cover now, and what it would have kept back.')
    .argument('<matchers...>', `such as 'service="checkout"'`)
    .option('--days <days>', 'how far to look back', '7')
    .action(async (matchers: string[], { days, ...target }: Target & { days: string }) => {
      const seen = await askCollector<SilencePreviewResponse>(target, 'POST', '/api/v1/silences/preview', { matchers, days: Number(days) })
      const { notificationsSuppressed, notificationsShortened, notificationsTotal } = seen
      console.log(`Covers ${seen.alerts.length} active alerts${seen.alerts.map(({ id, rule }) => `\n  ${id}  ${rule}`).join('')}`)
      console.log(
        `Of ${notificationsTotal} notifications of the past ${seen.days} days it would have kept back ${notificationsSuppressed} and shortened ${notificationsShortened}.`,
      )
    })

const expire = () =>
  clientCommand('expire', 'operate')
    .description('Ends a silence now.')
    .argument('<id>', 'as "tidewatch silence list" prints it')
    .option('--actor <name>', 'who ends it', actorByDefault())
    .action(async (id: string, { actor, ...target }: Target & { actor: string }) => {
      await askCollector(target, 'DELETE', `/api/v1/silences/${encodeURIComponent(id)}?actor=${encodeURIComponent(actor)}`)
      console.log(`Silence ${id} has ended.`)
    })

function toText({ id, state, matchers, createdBy, comment, startsAt, endsAt, untilDeployment }: SilenceView): string {
  const when = state === 'pending' ? `from ${startsAt} until ${endsAt}` : `until ${endsAt}`
  const deployment = untilDeployment ? `, or the end of deployment ${untilDeployment}` : ''
  return `${id}  ${state.padEnd(7)}  ${matchers.join(', ')}\n  ${when}${deployment}; ${createdBy}: ${comment}`
}
