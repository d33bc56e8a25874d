import type { Command } from 'commander'
import type { Alert } from '../contract/alerts.ts'
import { counted } from '../lib/words.ts'
import { actorByDefault, askCollector, clientCommand, type Target } from './collector-client.ts'
import { isConfirmed } from './confirm.ts'
import { forEachId } from './each-id.ts'
import { type Format, formatOption } from './format-option.ts'

type Wish = Target & { actor: string; comment: string; format: Format }

/** What all that is done to alerts has in common. */
function actionCommand(name: string, who: string): Command {
  return clientCommand(name, 'operate')
    .argument('<ids...>', 'as "tidewatch alerts" prints them')
    .option('--actor <name>', who, actorByDefault())
    .option('--comment <text>', 'why, for the audit log', '')
    .addOption(formatOption())
}

export function ackCommand(): Command {
  return actionCommand('ack', 'who takes it')
    .description('Takes alerts: repeats and escalation stop, for a while or until they end. Exit code 1 when one cannot be taken.')
    .option('--for <duration>', 'how long, such as 2h (default: until it ends)')
    .action(async (ids: string[], { for: length, ...wish }: Wish & { for?: string }) => {
      const takenText = ({ rule, acknowledgedUntil }: Alert) =>
        `${rule} is taken by ${wish.actor}${acknowledgedUntil ? ` until ${acknowledgedUntil}` : ''}.`
      await act(ids, 'ack', wish, takenText, length === undefined ? {} : { for: length })
    })
}

export function unackCommand(): Command {
  return actionCommand('unack', 'who gives it back')
    .description('Gives alerts back: repeats and escalation go on, and receivers hear of it. Exit code 1 when one cannot be given back.')
    .action(async (ids: string[], wish: Wish) => act(ids, 'unack', wish, ({ rule }) => `Nobody has ${rule} any more.`))
}

export function resolveCommand(): Command {
  return actionCommand('resolve', 'who ends it')
    .description('Ends alerts; each fires again if its condition still holds. Exit code 1 when one cannot be ended, or nobody confirms it.')
    .option('--yes', 'do not ask')
    .action(async (ids: string[], { yes, ...wish }: Wish & { yes?: boolean }) => {
      const question = `End ${counted(ids.length, 'alert')} (${ids.join(', ')})? What still holds fires again.`
      if (!yes && !(await isConfirmed(question))) {
        process.exitCode = 1
        return
      }
      await act(ids, 'resolve', wish, ({ rule }) => `${rule} has ended; it fires again if its condition still holds.`)
    })
}

async function act(
  ids: readonly string[],
  action: string,
  { url, token, actor, comment, format }: Wish,
  doneText: (alert: Alert) => string,
  more: object = {},
): Promise<void> {
  const alerts = await forEachId(ids, async (id) => {
    const path = `/api/v1/alerts/${encodeURIComponent(id)}/${action}`
    const alert = await askCollector<Alert>({ url, token }, 'POST', path, { actor, comment, ...more })
    if (format === 'text') console.log(doneText(alert))
    return alert
  })
  if (format === 'json') console.log(JSON.stringify({ alerts }, null, 2))
}
