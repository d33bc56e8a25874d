import { z } from 'zod'
import type { ComponentHealth, OverallStatus } from '../model/health.ts'

export type HealthResponse = { status: OverallStatus; components: readonly ComponentHealth[] }
export type { ComponentHealth, ComponentState, OverallStatus } from '../model/health.ts'

/** What a component says of itself: `POST /api/v1/health/{component}/heartbeat`. */
export const heartbeatSchema = z.strictObject({
  environment: z.string().optional(),
  status: z.enum(['up', 'degraded', 'down']).default('up'),
  message: z.string().max(1000).default(''),
  latencyMs: z.number().min(0).optional(),
})
