import { z } from 'zod'
import type { AckAllResponse, AlertsResponse, RulesResponse } from '../../contract/alerts.ts'
import type { FieldsResponse, MeasurementsResponse, StatusResponse, TagsResponse, TagValuesResponse } from '../../contract/catalog.ts'
import type { DeploymentsResponse } from '../../contract/deployments.ts'
import type { HealthResponse } from '../../contract/health.ts'
import type { PushResponse } from '../../contract/push.ts'
import type { QueryResponse } from '../../contract/query.ts'
import type { ReloadStatus } from '../../contract/reload.ts'
import type { ReplayReport } from '../../contract/replay.ts'
import { type Alert, alertStates, severities } from '../../model/alert.ts'
import { changeKinds, type Deployment, deploymentStatuses, stepStatuses } from '../../model/deployment.ts'
import { gateAnswers, gateVerdicts } from '../../model/gate-verdict.ts'
import { componentStates } from '../../model/health.ts'

/** What our own routes answer, for the OpenAPI document. The types keep each true to its contract. */
const labels = z.record(z.string(), z.string())
const time = z.string().meta({ description: 'RFC 3339' })

const moverAnswer = z.object({
  metric: z.string(),
  labels,
  direction: z.enum(['rose', 'fell']),
  leadMs: z.number(),
  before: z.number(),
  after: z.number(),
  deviations: z.number(),
  samples: z.number(),
})

export const alertAnswer: z.ZodType<Alert> = z
  .object({
    id: z.string(),
    rule: z.string(),
    source: z.string().optional(),
    severity: z.enum(severities),
    state: z.enum(alertStates),
    labels,
    annotations: labels,
    value: z.number().nullable(),
    startsAt: time,
    endsAt: time.nullable(),
    acknowledgedBy: z.string().nullable(),
    acknowledgedUntil: time.nullable(),
    acknowledgeComment: z.string().nullable(),
    resolvedBy: z.string().nullable(),
    cause: z
      .object({
        summary: z.string(),
        kind: z.enum(changeKinds).optional(),
        deploymentId: z.string().optional(),
        service: z.string().optional(),
        name: z.string().optional(),
        version: z.string().optional(),
        previousVersion: z.string().optional(),
        actor: z.string().optional(),
        ageMs: z.number().optional(),
        commits: z.string().optional(),
        url: z.string().optional(),
        commitsUrl: z.string().optional(),
        rollback: z.string().optional(),
        moved: z.array(moverAnswer).optional(),
        seriesSearched: z.number().optional(),
      })
      .nullable(),
    status: z.enum(['active', 'suppressed']).optional(),
    flapping: z.boolean().optional(),
    useful: z.boolean().optional(),
    recent: z.array(z.number()).optional(),
    silencedBy: z.array(z.string()).optional(),
    inhibitedBy: z.array(z.string()).optional(),
    mutedBy: z.array(z.string()).optional(),
  })
  .meta({ id: 'Alert' })

export const takenAnswer: z.ZodType<AckAllResponse> = z.object({ alerts: z.array(alertAnswer) })
export const alertsAnswer: z.ZodType<AlertsResponse> = z.object({ alerts: z.array(alertAnswer), total: z.number() })

const replayedAlert = z.object({
  id: z.string(),
  rule: z.string(),
  severity: z.enum(severities),
  labels,
  summary: z.string(),
  startsAt: time,
  endsAt: time.nullable(),
  messages: z.number(),
  suppressedBy: z.array(z.string()),
})

const replayedMessage = z.object({
  at: time,
  receiver: z.string(),
  groupKey: z.string(),
  status: z.enum(['firing', 'resolved']),
  reason: z.string(),
  groupLabels: labels,
  alerts: z.array(alertAnswer),
})

export const replayAnswer: z.ZodType<ReplayReport> = z.object({
  from: time,
  to: time,
  messages: z.array(replayedMessage),
  alerts: z.array(replayedAlert),
  rules: z.array(z.object({ rule: z.string(), alerts: z.number(), messages: z.number(), firingMs: z.number() })),
  receivers: z.array(z.object({ receiver: z.string(), firing: z.number(), resolved: z.number() })),
  samples: z.number(),
  coarse: z.array(z.object({ measurement: z.string(), from: time, to: time, everyMs: z.number() })),
  shortHistory: z.array(z.object({ rule: z.string(), measurement: z.string(), looksBackTo: time, beginsAt: time })),
  failures: z.array(z.string()),
})

export const replayProgressAnswer = z.object({
  underWay: z.boolean(),
  startedAt: time.nullable(),
  done: z.number().nullable().meta({ description: 'From 0 to 1.' }),
})

export const rulesAnswer: z.ZodType<RulesResponse> = z.object({
  rules: z.array(
    z.object({
      name: z.string(),
      severity: z.string(),
      state: z.enum(['ok', 'pending', 'firing', 'recovering', 'no_data', 'error']),
      health: z.enum(['ok', 'error', 'unknown']),
      lastError: z.string().nullable(),
      lastEvaluation: time.nullable(),
      alerts: z.number(),
      query: z.string().meta({ description: 'In words: mean of cpu.usage over 5m: above 90.' }),
      forMs: z.number(),
      keepFiringForMs: z.number(),
      everyMs: z.number(),
      labels: z.record(z.string(), z.string()),
      annotations: z.record(z.string(), z.string()),
      definition: z.unknown(),
    }),
  ),
})

export const deploymentAnswer: z.ZodType<Deployment> = z
  .object({
    id: z.string(),
    kind: z.enum(changeKinds),
    service: z.string(),
    environment: z.string(),
    name: z.string().nullable(),
    version: z.string(),
    previousVersion: z.string().nullable(),
    status: z.enum(deploymentStatuses),
    actor: z.string().nullable(),
    commit: z.string().nullable(),
    previousCommit: z.string().nullable(),
    rollback: z.string().nullable(),
    url: z.string().nullable(),
    reason: z.string().nullable(),
    startedAt: time,
    finishedAt: time.nullable(),
    steps: z.array(
      z.object({
        name: z.string(),
        status: z.enum(stepStatuses),
        startedAt: time,
        finishedAt: time.nullable(),
        message: z.string().nullable(),
      }),
    ),
    gates: z
      .array(
        z.object({
          id: z.string(),
          gate: z.string().nullable(),
          verdict: z.enum(gateVerdicts),
          answer: z.enum(gateAnswers).nullable(),
          reason: z.string(),
          startedAt: time,
          overriddenBy: z.string().nullable(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Deployment' })

export const deploymentsAnswer: z.ZodType<DeploymentsResponse> = z.object({ deployments: z.array(deploymentAnswer), total: z.number() })

export const healthAnswer: z.ZodType<HealthResponse> = z.object({
  status: z.enum(['HEALTHY', 'DEGRADED', 'CRITICAL']),
  components: z.array(
    z.object({
      name: z.string(),
      environment: z.string(),
      state: z.enum(componentStates),
      since: time,
      latencyMs: z.number().nullable(),
      message: z.string(),
      probe: z.string(),
      critical: z.boolean(),
      lastCheckedAt: time.nullable(),
      url: z.string().optional(),
    }),
  ),
})

export const pushAnswer: z.ZodType<PushResponse> = z.object({
  accepted: z.number(),
  rejected: z.array(z.object({ index: z.number(), reason: z.string() })),
})

export const queryAnswer = z.object({
  results: z.record(
    z.string(),
    z.union([
      z.object({
        frames: z.array(
          z.object({
            name: z.string(),
            labels,
            fields: z.array(z.object({ name: z.string(), type: z.string(), labels: labels.optional(), values: z.array(z.unknown()) })),
          }),
        ),
      }),
      z.object({ error: z.object({ code: z.string(), message: z.string() }) }),
    ]),
  ),
}) as unknown as z.ZodType<QueryResponse>

const names = z.array(z.string())
export const measurementsAnswer: z.ZodType<MeasurementsResponse> = z.object({ measurements: names })
export const tagsAnswer: z.ZodType<TagsResponse> = z.object({ tags: names })
export const tagValuesAnswer: z.ZodType<TagValuesResponse> = z.object({ values: names })
export const fieldsAnswer: z.ZodType<FieldsResponse> = z.object({
  fields: z.array(z.object({ name: z.string(), type: z.enum(['float', 'integer', 'unsigned', 'boolean', 'string']) })),
})

export const reloadAnswer: z.ZodType<ReloadStatus> = z.object({ ok: z.boolean(), at: time, message: z.string() })

export const statusAnswer: z.ZodType<StatusResponse> = z.object({
  version: z.string(),
  startedAt: time,
  store: z.object({
    kind: z.string(),
    ok: z.boolean(),
    message: z.string(),
    bytesOnDisk: z.number().optional(),
    seriesCount: z.number().optional(),
  }),
  rules: z.number(),
  reload: reloadAnswer.nullable().describe('How reading the configuration again last went.'),
  probes: z.number(),
  pointsAccepted: z.number(),
  spool: z.object({
    bytes: z.number().describe('On disk, waiting for the store.'),
    bytesMax: z.number(),
    ageSeconds: z.number().describe('Since when the oldest point waits.'),
    quarantined: z.number().describe('Files of points that the store refused for good.'),
    damaged: z.number().describe('Files of the spool that could not be read whole.'),
  }),
})

export const doneAnswer = z.object({ ok: z.boolean(), message: z.string() })
