import { z } from 'zod'
import { durationSchema } from '../../../lib/duration.ts'
import type { Severity } from '../../../model/alert.ts'
import { severitySchema } from '../../severity.ts'

export type EscalationStep = {
  readonly receivers: readonly string[]
  /** How long this step is given before the next. */
  readonly waitMs: number
}

export type Escalation = {
  readonly name: string
  readonly steps: readonly EscalationStep[]
  /** How often the whole chain begins anew. */
  readonly repeat: number
  readonly quiet: { readonly intervals: readonly string[]; readonly except: readonly Severity[] } | null
  /** Who is told when the chain has come to its end. */
  readonly handOff: readonly string[]
}

const receivers = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).transform((given) => [given].flat())

/** Who is told after whom, until somebody takes the alerts. */
export const escalationSchema = z
  .strictObject({
    name: z.string().min(1).max(200),
    steps: z
      .array(
        z
          .strictObject({ receiver: receivers, wait: durationSchema.prefault('5m') })
          .transform(({ receiver, wait }): EscalationStep => ({ receivers: receiver, waitMs: wait })),
      )
      .min(1)
      .max(20),
    repeat: z.int().min(0).max(5).default(0),
    quiet_hours: z
      .strictObject({ time_intervals: z.array(z.string().min(1)).min(1), except: z.array(severitySchema).prefault(['critical']) })
      .optional(),
    hand_off: receivers.optional(),
  })
  .transform(
    ({ quiet_hours, hand_off, ...chain }): Escalation => ({
      ...chain,
      quiet: quiet_hours ? { intervals: quiet_hours.time_intervals, except: quiet_hours.except } : null,
      handOff: hand_off ?? [],
    }),
  )
