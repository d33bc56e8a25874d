import { z } from 'zod'
import { durationSchema } from '../lib/duration.ts'
import type { Alert } from '../model/alert.ts'
import { changeKinds } from '../model/deployment.ts'

const actor = z.string().trim().min(1, 'must say who').max(200)

export const ackSchema = z.strictObject({
  actor,
  comment: z.string().max(2000).default(''),
  /** How long the acknowledgement holds; left out: until the alert ends. */
  for: durationSchema.refine((ms) => ms > 0, 'must be longer than 0s').optional(),
})
/** As above, for many: 10,000 of them at most, as lists hold. */
export const ackAllSchema = ackSchema.extend({ ids: z.array(z.string().min(1).max(200)).min(1).max(10_000) })
export const actorSchema = z.strictObject({ actor, comment: z.string().max(2000).default('') })

const short = z.string().trim().min(1).max(200)

export const receiverTestSchema = z
  .strictObject({
    actor: actor.optional(),
    comment: z.string().max(2000).default(''),
    about: z
      .enum(['alert', ...changeKinds])
      .default('alert')
      .meta({ description: 'What the test pretends to tell of.' }),
    service: short.optional().meta({ description: 'Of a change; left out: TEST.' }),
    environment: short.optional().meta({ description: 'Of a change; left out: test.' }),
  })
  .refine(({ about, service, environment }) => about !== 'alert' || (service ?? environment) === undefined, {
    message: 'service and environment are those of a change; say which with about: deployment, flag or configuration',
    path: ['about'],
  })

export const markSchema = z.strictObject({
  actor,
  comment: z.string().max(2000).default(''),
  /** Null takes the mark back. */
  useful: z.boolean().nullable(),
  /** When the episode began; left out: the present one, or else the last. */
  startsAt: z.iso
    .datetime({ offset: true, error: 'must be a time such as 2026-11-21T03:00:00Z' })
    .transform((text) => Date.parse(text))
    .optional(),
})

export type MarkRequest = z.input<typeof markSchema>
export type AckRequest = z.input<typeof ackSchema>
export type ReceiverTestRequest = z.input<typeof receiverTestSchema>
export type AckAllRequest = z.input<typeof ackAllSchema>
/** The alerts as they are now, without those that are not active. */
export type AckAllResponse = { alerts: readonly Alert[] }
export type ActorRequest = z.input<typeof actorSchema>
export type AlertsResponse = { alerts: readonly Alert[]; total: number }
export type RulesResponse = { rules: readonly RuleStatus[] }
export type RuleStatus = {
  name: string
  severity: string
  state: 'ok' | 'pending' | 'firing' | 'recovering' | 'no_data' | 'error'
  health: 'ok' | 'error' | 'unknown'
  lastError: string | null
  lastEvaluation: string | null
  alerts: number
  /** In words: `mean of cpu.usage over 5m: above 90`. */
  query: string
  forMs: number
  keepFiringForMs: number
  everyMs: number
  labels: Readonly<Record<string, string>>
  annotations: Readonly<Record<string, string>>
  definition: unknown
}
export type { Alert, AlertState, Cause, Severity } from '../model/alert.ts'
