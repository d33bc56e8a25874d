import type { Registry } from 'prom-client'
import type { Alerts } from '../alerts/alerts.ts'
import type { ReloadStatus } from '../contract/reload.ts'
import type { ReplayOrder, ReplayReport } from '../contract/replay.ts'
import type { Deployments } from '../deployments/deployments.ts'
import type { Gates } from '../deployments/gates.ts'
import type { Health } from '../health/health.ts'
import type { PushGroups } from '../ingest/exposition/push-groups.ts'
import type { Idempotency } from '../ingest/idempotency.ts'
import type { Ingest } from '../ingest/ingest.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { AuditLog } from '../model/audit.ts'
import type { StreamEvent } from '../model/event.ts'
import type { Hook } from '../model/hook.ts'
import type { SeriesName } from '../model/point.ts'
import type { Store } from '../model/store.ts'
import type { TokenEntry } from '../model/token.ts'
import type { Auth } from './middleware/auth.ts'
import type { BodyMemory } from './middleware/body-memory.ts'

/** Where the collector stands between its start and its end; decides what `/readyz` says. */
export type Phase = 'starting' | 'ready' | 'stopping'

export type HttpLimits = {
  /** Largest write, after decompression. */
  readonly ingestBodyBytesMax: number
  /** Largest other request. */
  readonly requestBodyBytesMax: number
  readonly headerBytesMax: number
  readonly connectionsMax: number
  readonly headersTimeoutMs: number
  readonly requestTimeoutMs: number
  readonly queryTimeoutMs: number
  readonly seriesPerQueryMax: number
  readonly bucketsPerQueryMax: number
  readonly streamClientsMax: number
  readonly streamQueueMax: number
}

export type HttpOptions = {
  /** None: only loopback may ask, and every scope is open to it. */
  readonly tokens: readonly TokenEntry[]
  readonly limits: HttpLimits
  readonly externalUrl?: string
  /** Folders of built pages; a missing one is answered with how to build it. */
  readonly viewerDir: string
  readonly pluginDir: string
  readonly dashboardsDir: string
  /** Doors for messages of other systems. */
  readonly hooks: readonly Hook[]
  /** What may stand in the configuration file, as a JSON schema. */
  readonly configSchema: () => object
}

/** Everything the routes talk to, in one object. */
export type HttpDeps = {
  readonly options: HttpOptions
  readonly ingest: Ingest
  readonly pushGroups: PushGroups
  /** Says that series have no value any more. */
  readonly end: (series: readonly SeriesName[], timeMs: number) => void
  readonly idempotency: Idempotency
  readonly store: Store
  readonly health: Health
  readonly alerts: Alerts
  readonly deployments: Deployments
  readonly gates: Gates
  readonly audit: AuditLog
  /** Tells of every state change; the returned function ends the subscription. */
  readonly subscribe: (listener: (event: StreamEvent) => void) => () => void
  readonly phase: () => Phase
  /** Reads rules, routes and receivers again; a refusal is an answer. */
  readonly reload: (actor: string) => Promise<ReloadStatus>
  readonly lastReload: () => ReloadStatus | null
  /** What rules would have sent; rejects when the signal aborts. */
  readonly replay: (
    order: ReplayOrder & { readonly to: number },
    call: { readonly signal: AbortSignal; readonly onProgress: (done: number) => void },
  ) => Promise<ReplayReport>
  readonly registry: Registry
  readonly log: Log
  readonly clock: Clock
  readonly version: string
  readonly startedAt: string
}

/** What every route family is given: the doors, what checks tokens, and memory for large bodies. */
export type RouteDeps = HttpDeps & { readonly auth: Auth; readonly bodies: BodyMemory }
