import { z } from 'zod'
import { matcherSchema, matcherText } from '../alerts/routing/tree/matcher.ts'
import { watchSchema } from '../contract/gates.ts'
import { doubles, type Problem } from '../lib/problems.ts'
import { didYouMean } from '../lib/words.ts'
import { type Gate, inconclusivePolicies, mutedPolicies } from '../model/gate.ts'

const short = z.string().min(1).max(200)
/** Words of the routes, which stand between `/gates/` and what follows. */
const takenNames = ['check', 'results']

const ruleSchema = z
  .union([
    short,
    z.strictObject({
      rule: short,
      dry_run: z.boolean().default(false).meta({ description: 'Its verdict is shown and counts for nothing.' }),
    }),
  ])
  .transform((given) => (typeof given === 'string' ? { rule: given, dryRun: false } : { rule: given.rule, dryRun: given.dry_run }))

/** A named set of rules that a deployment must pass. */
const gateSchema = z
  .strictObject({
    name: short.refine((name) => !takenNames.includes(name), `must not be ${takenNames.join(' or ')}: these are words of the routes`),
    rules: z
      .array(ruleSchema)
      .max(100)
      .default([])
      .meta({ description: 'Rules by name; {rule, dry_run: true} for one that is shown only.' }),
    matchers: z.array(matcherSchema).max(20).default([]).meta({ description: 'Also the rules whose labels pass all of these.' }),
    labels: z.record(short, z.string()).default({}).meta({ description: 'Which label sets are looked at: {environment: production}.' }),
    watch: watchSchema.prefault('0s').meta({ description: 'How long the rules must go on to hold good, at most 2h; 0s: one look.' }),
    on_inconclusive: z
      .enum(inconclusivePolicies)
      .default('wait')
      .meta({ description: 'wait: until the end of watch, and then it fails; or pass or fail.' }),
    on_muted: z
      .enum(mutedPolicies)
      .default('judge')
      .meta({ description: 'What a muted rule counts as. judge: what it says under the silence.' }),
    dry_run: z.boolean().default(false).meta({ description: 'Everything passes; the verdict is shown and stored.' }),
  })
  .refine(({ rules, matchers }) => rules.length > 0 || matchers.length > 0, 'needs rules or matchers, or it would judge nothing')
  .transform(
    ({ watch, on_inconclusive, on_muted, dry_run, matchers, ...gate }): Gate => ({
      ...gate,
      ...{ watchMs: watch, onInconclusive: on_inconclusive, onMuted: on_muted, dryRun: dry_run },
      matchers: matchers.map((matcher) => ({ text: matcherText(matcher), matches: matcher.matches })),
    }),
  )

export const gatesSchema = z.array(gateSchema).max(1000).default([])

/** Gates have names of their own and name only rules that there are, those of presets among them. */
export function checkGates(gates: readonly Gate[], rules: readonly { readonly name: string }[]): readonly Problem[] {
  const names = rules.map(({ name }) => name)
  const unknown = gates.flatMap((gate, index) =>
    gate.rules.flatMap(({ rule }, at) =>
      names.includes(rule)
        ? []
        : [{ path: ['gates', index, 'rules', at], message: `there is no rule "${rule}"${didYouMean(rule, names)}` }],
    ),
  )
  return [
    ...doubles(
      'gates',
      gates.map(({ name }) => name),
      (name) => `another gate is called "${name}" already`,
    ),
    ...unknown,
  ]
}
