import { z } from 'zod'
import type { Deployment } from '../model/deployment.ts'

const time = z.iso.datetime({ offset: true, error: 'write times as RFC 3339, for example 2026-11-21T04:00:00Z' })
const short = z.string().min(1).max(200)

export const createDeploymentSchema = z.strictObject({
  service: short,
  environment: short.default('production'),
  version: short,
  actor: short.optional(),
  commit: short.optional(),
  url: z.url().optional(),
  startedAt: time.optional(),
  /** For recording a deployment after the fact. */
  finishedAt: time.optional(),
  status: z.enum(['running', 'succeeded', 'failed', 'rolled_back', 'cancelled']).default('running'),
})
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
export type { Deployment, DeploymentStatus, DeploymentStep } from '../model/deployment.ts'
