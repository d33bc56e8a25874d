import { z } from 'zod'
import { changeKinds, type Deployment } from '../model/deployment.ts'

const time = z.iso.datetime({ offset: true, error: 'write times as RFC 3339, for example 2026-11-21T04:00:00Z' })
const short = z.string().min(1).max(200)

const deploymentShape = z.strictObject({
  kind: z.enum(changeKinds).default('deployment'),
  service: short,
  environment: short.default('production'),
  /** What the flag or the setting is called. */
  name: short.optional(),
  /** Of a flag or a setting: its value. */
  version: short,
  actor: short.optional(),
  commit: short.optional(),
  /** What a person runs to undo it; shown with alerts, never run. */
  rollback: z.string().min(1).max(1000).optional(),
  url: z.url().optional(),
  startedAt: time.optional(),
  /** For recording a deployment after the fact. */
  finishedAt: time.optional(),
  /** A deployment begins as running; a flag or a setting has changed at once. */
  status: z.enum(['running', 'succeeded', 'failed', 'rolled_back', 'cancelled']).optional(),
})

export const createDeploymentSchema = deploymentShape
  .refine(({ kind, name }) => kind === 'deployment' || name !== undefined, {
    error: 'say which flag or setting changed',
    path: ['name'],
  })
  .refine(({ kind, name }) => kind !== 'deployment' || name === undefined, {
    error: 'a deployment has no name; give kind: flag or kind: configuration',
    path: ['name'],
  })
  .transform(({ status, ...given }) => ({ ...given, status: status ?? (given.kind === 'deployment' ? 'running' : 'succeeded') }) as const)

export const deploymentStepSchema = z.strictObject({
  name: short,
  status: z.enum(['running', 'succeeded', 'failed', 'skipped']),
  startedAt: time.optional(),
  finishedAt: time.optional(),
  message: z.string().max(4000).optional(),
})
export const finishDeploymentSchema = z.strictObject({
  status: z.enum(['succeeded', 'failed', 'rolled_back', 'cancelled']),
  reason: z.string().max(4000).optional(),
  finishedAt: time.optional(),
})

export type CreateDeploymentRequest = z.input<typeof createDeploymentSchema>
export type DeploymentStepRequest = z.input<typeof deploymentStepSchema>
export type FinishDeploymentRequest = z.input<typeof finishDeploymentSchema>
export type DeploymentsResponse = { deployments: readonly Deployment[]; total: number }
export type { Deployment, DeploymentGate, DeploymentStatus, DeploymentStep } from '../model/deployment.ts'
