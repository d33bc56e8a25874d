import { z } from 'zod'
import type { Notifier } from '../../model/alert.ts'
import { changeKinds, type Deployment, deploymentStatuses } from '../../model/deployment.ts'

const names = z.array(z.string().min(1)).min(1).max(100)

const filterSchema = z.strictObject({
  services: names.optional().meta({ description: 'Left out: of all.' }),
  environments: names.optional().meta({ description: 'Left out: in all.' }),
  statuses: z.array(z.enum(deploymentStatuses)).min(1).optional().meta({ description: 'Left out: all. Verdicts are told with running.' }),
  kinds: z.array(z.enum(changeKinds)).min(1).default(['deployment']),
})

/** Which changes a receiver hears of beside alerts; every kind that tells of deployments has it. */
export const deploymentsOption = z
  .union([z.boolean(), filterSchema])
  .default(false)
  .meta({ description: 'Whether it is told of deployments: all, or those of some services, environments, statuses and kinds.' })

export type ChangeOption = z.output<typeof deploymentsOption>
type Changes = NonNullable<Notifier['changes']>

/** What a notifier has beside `send` when it is told of changes. */
export function changesFor(option: ChangeOption, send: Changes['send']): Pick<Notifier, 'changes'> {
  return option === false
    ? {}
    : { changes: { wants: (change) => takes(option === true ? { kinds: ['deployment'] } : option, change), send } }
}

function takes({ services, environments, statuses, kinds }: Exclude<ChangeOption, boolean>, change: Deployment): boolean {
  return (
    kinds.includes(change.kind) &&
    (services?.includes(change.service) ?? true) &&
    (environments?.includes(change.environment) ?? true) &&
    (statuses?.includes(change.status) ?? true)
  )
}
