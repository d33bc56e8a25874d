import { z } from 'zod'
import type { Notifier } from '../../model/alert.ts'
import type { ChangeStanding } from '../../model/change-notice.ts'
import { changeKinds, deploymentStatuses } from '../../model/deployment.ts'

const names = z.array(z.string().min(1)).min(1).max(100)

const filterSchema = z.strictObject({
  services: names.optional().meta({ description: 'Left out: of all.' }),
  environments: names.optional().meta({ description: 'Left out: in all.' }),
  statuses: z
    .array(z.enum(deploymentStatuses))
    .min(1)
    .optional()
    .meta({ description: 'Left out: all. A verdict is told with the status it finds, and one that failed with failed.' }),
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
    : { changes: { wants: (standing) => takes(option === true ? { kinds: ['deployment'] } : option, standing), send } }
}

function takes({ services, environments, statuses, kinds }: Exclude<ChangeOption, boolean>, { change, moment, verdicts }: ChangeStanding) {
  const isRefused = moment !== change.status && verdicts.at(-1)?.passed === false
  return (
    kinds.includes(change.kind) &&
    (services?.includes(change.service) ?? true) &&
    (environments?.includes(change.environment) ?? true) &&
    (statuses === undefined || statuses.includes(change.status) || (isRefused && statuses.includes('failed')))
  )
}
