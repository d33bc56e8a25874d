import { Command } from 'commander'
import type { ReceiverTestRequest } from '../contract/alerts.ts'
import { actorByDefault, askCollector, clientCommand, type Target } from './collector-client.ts'

type Wish = Target & Pick<ReceiverTestRequest, 'about' | 'service' | 'environment'> & { actor: string }

export function receiversCommand(): Command {
  return new Command('receivers').description('Tries receivers out.').addCommand(test())
}

const test = () =>
  clientCommand('test', 'operate')
    .description('Sends one message marked TEST through a receiver, and says what that answered.')
    .argument('<name>', 'of the receiver, as the configuration has it')
    .option('--about <what>', 'what it pretends to tell of: alert, deployment, flag or configuration', 'alert')
    .option('--service <service>', 'whose change it is, for a receiver that hears of some only')
    .option('--environment <environment>', 'and where')
    .option('--actor <name>', 'who sends it', actorByDefault())
    .action(async (name: string, { url, token, ...body }: Wish) => {
      const path = `/api/v1/receivers/${encodeURIComponent(name)}/test`
      const { ok, message } = await askCollector<{ ok: boolean; message: string }>({ url, token }, 'POST', path, body)
      if (ok) console.log(`${name} took it: ${message}`)
      else {
        process.stderr.write(`tidewatch: ${name} did not take it: ${message}\n`)
        process.exitCode = 1
      }
    })
