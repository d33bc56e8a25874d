import { z } from 'zod'
import type { GateResultsResponse, GatesResponse } from '../../contract/gates.ts'
import { severities } from '../../model/alert.ts'
import { type GateResult, gateStates, inconclusivePolicies, mutedPolicies, type RuleVerdict, ruleVerdicts } from '../../model/gate.ts'
import { gateAnswers, gateVerdicts } from '../../model/gate-verdict.ts'

/** What the routes of gates answer, for the OpenAPI document. */
const time = z.string().meta({ description: 'RFC 3339' })
const names = z.array(z.string())
const labels = z.record(z.string(), z.string())

const policies = z.object({
  watchMs: z.number(),
  onInconclusive: z.enum(inconclusivePolicies),
  onMuted: z.enum(mutedPolicies),
  dryRun: z.boolean(),
})

const ruleVerdictAnswer: z.ZodType<RuleVerdict> = z.object({
  rule: z.string(),
  severity: z.enum(severities).nullable(),
  verdict: z.enum(ruleVerdicts),
  counts: z.enum(gateVerdicts).meta({ description: 'What the policies of the gate make of it.' }),
  underneath: z.enum(gateVerdicts).optional().meta({ description: 'What a muted rule says under its silence.' }),
  reason: z.string(),
  value: z.number().nullable(),
  samples: z.number().nullable().meta({ description: 'How many samples, or events, were judged; null: its kind does not count.' }),
  minSamples: z.number().meta({ description: 'Below so many nothing is said.' }),
  windowMs: z.number().meta({ description: 'Over how long they were counted.' }),
  threshold: z.string(),
  alertIds: names,
  mutedBy: names,
  labelSets: z.number().meta({ description: 'How many of its label sets were looked at.' }),
  dryRun: z.boolean(),
  lastEvaluation: time.nullable(),
})

export const gateResultAnswer: z.ZodType<GateResult> = z
  .object({
    id: z.string(),
    gate: z.string().nullable(),
    state: z.enum(gateStates),
    verdict: z.enum(gateVerdicts).meta({ description: 'The true one, so far while it watches.' }),
    answer: z.enum(gateAnswers).nullable().meta({ description: 'What the caller is to do; null while it watches.' }),
    reason: z.string(),
    rules: z.array(ruleVerdictAnswer),
    notAbout: names.meta({ description: 'Chosen rules that are about other labels.' }),
    labels,
    policies,
    failOpen: z.boolean(),
    actor: z.string(),
    deploymentId: z.string().nullable(),
    startedAt: time,
    deadline: time.meta({ description: 'When it ends at the latest; later by each time that nobody watched. RFC 3339' }),
    lookedAt: time.nullable().meta({ description: 'When the rules were last looked at, stored every 30 seconds. RFC 3339' }),
    gaps: z.array(z.object({ from: time, to: time })).meta({ description: 'Times when the collector was away.' }),
    finishedAt: time.nullable(),
    override: z.object({ actor: z.string(), reason: z.string(), at: time }).nullable(),
  })
  .meta({ id: 'GateResult' })

export const gateResultsAnswer: z.ZodType<GateResultsResponse> = z.object({ results: z.array(gateResultAnswer), total: z.number() })

export const gatesAnswer: z.ZodType<GatesResponse> = z.object({
  gates: z.array(policies.extend({ name: z.string(), rules: names, matchers: names, labels })),
})
