import type { Alert } from './alert.ts'
import type { Deployment } from './deployment.ts'
import type { GateResult } from './gate.ts'
import type { ComponentHealth, OverallStatus } from './health.ts'

/** What `GET /api/v1/stream` tells: one server-sent event each, named after `type`. */
export type StreamEvent =
  | { readonly type: 'health'; readonly status: OverallStatus; readonly component: ComponentHealth }
  | { readonly type: 'alert'; readonly alert: Alert }
  | { readonly type: 'deployment'; readonly deployment: Deployment }
  | { readonly type: 'gate'; readonly result: GateResult }
