import { z } from 'zod'
import { durationSchema } from '../lib/duration.ts'
import { maintenanceSchema } from './maintenance.ts'

/** The keys every component has, whatever probes it; the probe's own options stand beside them. */
export const componentShape = {
  name: z.string().min(1).max(200),
  environment: z.string().min(1).max(200).default('production'),
  critical: z.boolean().default(true).describe('Whether the whole is CRITICAL while this component is down; otherwise it is DEGRADED.'),
  interval: durationSchema
    .refine((ms) => ms >= 1000, 'must be at least 1s')
    .prefault('30s')
    .describe('Time from one check to the next.'),
  timeout: durationSchema
    .refine((ms) => ms > 0, 'must be longer than nothing')
    .prefault('10s')
    .describe('A check without an answer by then has failed.'),
  failureThreshold: z.int().min(1).max(100).default(3).describe('Bad results in a row before the state gets worse.'),
  successThreshold: z.int().min(1).max(100).default(2).describe('Good results in a row before the state gets better.'),
  link: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where a person looks further: a dashboard, a runbook, the page itself.'),
  maintenance: z.array(maintenanceSchema).max(100).default([]).describe('Windows in which the component is shown as under maintenance.'),
} as const

const componentSchema = z.object({ ...componentShape, type: z.string() })

/** A component as configured, durations in milliseconds; `type` names its probe, which reads its own options beside these. */
export type Component = z.output<typeof componentSchema>
