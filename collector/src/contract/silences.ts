import { z } from 'zod'
import { durationSchema } from '../lib/duration.ts'
import type { SilenceState } from '../model/silence.ts'
import type { Alert } from './alerts.ts'

const time = z.iso.datetime({ offset: true, error: 'must be a time such as 2026-11-21T03:00:00Z' }).transform((text) => Date.parse(text))
const matchers = z
  .array(z.string().max(2000))
  .min(1)
  .max(100)
  .meta({ description: 'Label tests such as service="checkout" or host=~"web-.*"; an alert must pass all of them.' })

export const silenceSchema = z
  .strictObject({
    /** The silence to change; left out: a new one. */
    id: z.string().optional(),
    matchers,
    startsAt: time.optional(),
    endsAt: time.optional(),
    /** In place of `endsAt`. */
    for: durationSchema.optional(),
    createdBy: z.string().min(1).max(200),
    comment: z.string().min(1).max(2000),
    /** The id of a deployment that ends the silence, if that comes first. */
    untilDeployment: z.string().min(1).max(200).optional(),
  })
  .refine((given) => (given.endsAt === undefined) !== (given.for === undefined), 'give endsAt or for: exactly one')

export const silencePreviewSchema = z.strictObject({ matchers, days: z.int().min(1).max(60).default(7) })

export type SilenceRequest = z.input<typeof silenceSchema>
export type SilencePreviewRequest = z.input<typeof silencePreviewSchema>
export type SilenceView = {
  id: string
  state: SilenceState
  matchers: readonly string[]
  startsAt: string
  endsAt: string
  updatedAt: string
  createdBy: string
  comment: string
  untilDeployment: string | null
}
export type SilencesResponse = { silences: readonly SilenceView[] }
export type SilencePreviewResponse = {
  alerts: readonly Alert[]
  days: number
  notificationsSuppressed: number
  notificationsShortened: number
  notificationsTotal: number
}
