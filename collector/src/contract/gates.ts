import { z } from 'zod'
import { durationSchema } from '../lib/duration.ts'
import { type GateResult, inconclusivePolicies, mutedPolicies } from '../model/gate.ts'

const short = z.string().min(1).max(200)
const watchMaxMs = 7_200_000

/** How long a gate watches. */
export const watchSchema = durationSchema.refine((watchMs) => watchMs <= watchMaxMs, 'watch must be at most 2h')

const checkShape = {
  service: short.optional().meta({ description: 'Short for the label of that name.' }),
  environment: short.optional(),
  labels: z.record(short, z.string().max(1024)).default({}).meta({ description: 'Which label sets of the rules are looked at.' }),
  watch: watchSchema.optional().meta({ description: 'How long the rules must go on to hold good: 0s to 2h.' }),
  onInconclusive: z.enum(inconclusivePolicies).optional(),
  onMuted: z.enum(mutedPolicies).optional(),
  dryRun: z.boolean().optional().meta({ description: 'The answer is pass; the verdict is shown and stored as it is.' }),
  failOpen: z.boolean().default(false).meta({ description: 'What cannot be judged passes.' }),
  deployment: short.optional().meta({ description: 'Its service and environment are looked at, and the result is shown with it.' }),
  actor: short.optional(),
}

export const gateCheckSchema = z.strictObject(checkShape)

const ruleSchema = z
  .union([short, z.strictObject({ rule: short, dryRun: z.boolean().default(false) })])
  .transform((given) => (typeof given === 'string' ? { rule: given, dryRun: false } : given))

export const chosenCheckSchema = z.strictObject({
  ...checkShape,
  rules: z.array(ruleSchema).max(100).default([]).meta({ description: 'By name.' }),
  matchers: z.array(z.string().max(2000)).max(20).default([]).meta({ description: 'Tests on the labels of rules: severity="critical".' }),
})

export const gateOverrideSchema = z.strictObject({ actor: short, reason: z.string().trim().min(1).max(2000) })

export type GateCheckRequest = z.input<typeof gateCheckSchema>
export type ChosenCheckRequest = z.input<typeof chosenCheckSchema>
export type GateResultsResponse = { results: readonly GateResult[]; total: number }
export type GatesResponse = {
  gates: readonly {
    name: string
    /** Those it stands for now. */
    rules: readonly string[]
    matchers: readonly string[]
    labels: Readonly<Record<string, string>>
    watchMs: number
    onInconclusive: string
    onMuted: string
    dryRun: boolean
  }[]
}
export type { GateResult, RuleVerdict } from '../model/gate.ts'
