import { z } from 'zod'
import { durationSchema } from '../../../lib/duration.ts'
import { severitySchema } from '../../severity.ts'
import { kindOf, ruleKinds } from './kind-of.ts'
import type { Rule, RuleFrame } from './rule.ts'
import { type AnyRuleKind, RuleProblem } from './rule-kind.ts'
import { templateWords, wrongTemplate } from './template.ts'

const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/
const labelled = (wrongWith: (key: string, text: string) => string | undefined) =>
  z
    .record(z.string(), z.string())
    .meta({ propertyNames: { type: 'string', pattern: labelName.source } })
    .default({})
    .superRefine((record, context) => {
      for (const [key, text] of Object.entries(record)) {
        const message = labelName.test(key)
          ? wrongWith(key, text)
          : 'a name has letters, digits and underscores, and does not begin with a digit'
        if (message !== undefined) context.addIssue({ code: 'custom', path: [key], message })
      }
    })

/** What every alert has as a label of its own. */
function reserved(key: string): string | undefined {
  if (key === 'severity') return 'is a key of the rule itself: take it out of labels'
  return key === 'alertname' ? 'is the name of the rule, always' : undefined
}

/** The keys of every rule. */
export const frameShape = {
  name: z.string().min(1).max(200).meta({ description: 'Unique; becomes the label alertname.' }),
  for: durationSchema.prefault('0s').meta({ description: 'How long it must hold at every evaluation before it fires.' }),
  keep_firing_for: durationSchema.prefault('0s').meta({ description: 'How long it keeps firing after it stopped holding.' }),
  severity: severitySchema.optional().meta({ description: 'info, warning, high or critical; left out: warning.' }),
  labels: labelled((key, text) => reserved(key) ?? wrongTemplate(text, ['labels', 'rule'])).meta({
    description: 'Added to the alert, to route by.',
  }),
  annotations: labelled((_, text) => wrongTemplate(text, templateWords)).meta({
    description: 'Texts for people, with {{value}}, {{labels.x}} and their like.',
  }),
  on_no_data: z.enum(['ok', 'keep', 'no_data', 'alert']).default('no_data').meta({ description: 'What happens when samples stop.' }),
  on_error: z.enum(['ok', 'keep', 'error', 'alert']).default('keep').meta({ description: 'What happens when it cannot be evaluated.' }),
  no_data_after: z.int().min(1).max(1000).default(3).meta({ description: 'Evaluations without data before on_no_data counts.' }),
  min_samples: z.int().min(1).max(1_000_000_000).default(1).meta({ description: 'With fewer it says nothing: neither good nor bad.' }),
  unit: z
    .string()
    .max(20)
    .optional()
    .meta({ description: 'What values are counted in, for messages: ms, %, orders; left out: what the name of the field tells.' }),
  every: durationSchema
    .refine((everyMs) => everyMs >= 1000, 'must be at least 1s')
    .prefault('10s')
    .meta({ description: 'How often the clock evaluates; fresh samples do so at once.' }),
  cooldown: durationSchema
    .prefault('0s')
    .meta({ description: 'After a receiver was told of an alert, another episode of it is kept back for this long.' }),
  limit: z.int().min(1).max(100_000).default(1000).meta({ description: 'Most alerts of the rule; more is an error of the rule.' }),
}

const [first, ...others] = ruleKinds.map((kind) =>
  z.strictObject({
    ...frameShape,
    kind: kind.kind === 'threshold' ? z.literal(kind.kind).optional() : z.literal(kind.kind),
    ...kind.shape,
  }),
)

/** One rule as it stands in the configuration, and as a machine that checks YAML may read it. */
export const ruleSchema = z
  .discriminatedUnion('kind', [first as NonNullable<typeof first>, ...others])
  .transform((given, context): Rule => {
    const frame = toFrame(given as unknown as z.output<z.ZodObject<typeof frameShape>>, given.kind ?? 'threshold')
    const kind: AnyRuleKind = kindOf(given.kind ?? 'threshold')
    try {
      return { ...frame, kind: kind.kind, options: kind.toOptions(given, frame) }
    } catch (thrown) {
      if (!(thrown instanceof RuleProblem)) throw thrown
      context.addIssue({ code: 'custom', path: [...thrown.path], message: thrown.message })
      return z.NEVER
    }
  })

/** Kinds whose readings say how severe it is. */
const saysSeverity: ReadonlySet<string> = new Set(['composite', 'levels'])

function toFrame(given: z.output<z.ZodObject<typeof frameShape>>, kind: string): RuleFrame {
  return {
    name: given.name,
    forMs: given.for,
    keepFiringForMs: given.keep_firing_for,
    severity: given.severity ?? (saysSeverity.has(kind) ? null : 'warning'),
    labels: given.labels,
    annotations: given.annotations,
    onNoData: given.on_no_data,
    onError: given.on_error,
    noDataAfter: given.no_data_after,
    minSamples: given.min_samples,
    unit: given.unit ?? null,
    everyMs: given.every,
    cooldownMs: given.cooldown,
    limit: given.limit,
  }
}

type FrameInput = z.input<z.ZodObject<typeof frameShape>>

/** One rule as somebody writes it; what the other keys are depends on the kind. */
export type RuleInput = Partial<Omit<FrameInput, 'name'>> & {
  readonly name: string
  readonly kind?: string
  readonly [option: string]: unknown
}
