import type { DataFrame, LinkModel } from '@grafana/data'
import type { DeploymentGate, DeploymentStatus, DeploymentStep } from '../../../../collector/src/contract/deployments.ts'
import { type Columns, createColumns } from '../../format/columns.ts'
import { toStatus } from './looks.ts'

/** One deployment as the panel shows it. Times are milliseconds since 1970. */
export type DeploymentRow = {
  readonly id: string
  readonly service: string
  readonly environment: string
  readonly version: string
  readonly previousVersion: string
  readonly status: DeploymentStatus
  readonly actor: string
  readonly commit: string
  readonly reason: string
  readonly url: string
  readonly startedAt: number
  /** Null while it runs. */
  readonly finishedAt: number | null
  readonly steps: readonly DeploymentStep[]
  /** What gates said of it, in order of time. */
  readonly gates: readonly DeploymentGate[]
  readonly links: () => LinkModel[]
}

/** Every deployment of the frames, each once, youngest first. One without a start cannot be drawn. */
export function toDeployments(frames: readonly DataFrame[]): DeploymentRow[] {
  const byId = new Map<string, DeploymentRow>()
  for (const frame of frames) {
    const columns = createColumns(frame)
    if (!columns.has('service', 'version', 'startedAt')) continue
    for (let row = 0; row < frame.length; row += 1) {
      const deployment = toDeployment(columns, row)
      if (deployment) byId.set(deployment.id || `${frame.refId} ${row}`, deployment)
    }
  }
  return [...byId.values()].sort((left, right) => right.startedAt - left.startedAt)
}

function toDeployment(columns: Columns, row: number): DeploymentRow | undefined {
  const startedAt = columns.time('startedAt', row)
  if (startedAt === null) return undefined
  const text = (name: string) => columns.text(name, row)
  const status = toStatus(text('status'))
  const durationMs = columns.number('duration_ms', row)
  const ended = columns.time('finishedAt', row) ?? (durationMs === null ? null : startedAt + durationMs)
  const list = <Entry>(name: string): readonly Entry[] => {
    const parsed = columns.json<unknown>(name, row, [])
    return Array.isArray(parsed) ? (parsed as Entry[]) : []
  }
  return {
    id: text('id'),
    service: text('service'),
    environment: text('environment'),
    version: text('version'),
    previousVersion: text('previousVersion'),
    status,
    actor: text('actor'),
    commit: text('commit'),
    reason: text('reason'),
    url: text('url'),
    startedAt,
    finishedAt: status === 'running' ? null : (ended ?? startedAt),
    steps: list<DeploymentStep>('steps'),
    gates: list<DeploymentGate>('gates'),
    links: () => columns.links(row),
  }
}

/** How long a deployment takes or took. */
export function toDurationMs(row: Pick<DeploymentRow, 'startedAt' | 'finishedAt'>, now: number): number {
  return Math.max(0, (row.finishedAt ?? now) - row.startedAt)
}

/** How long a step took; null while it runs. */
export function toStepDurationMs(step: Pick<DeploymentStep, 'startedAt' | 'finishedAt'>): number | null {
  if (step.finishedAt === null) return null
  const durationMs = Date.parse(step.finishedAt) - Date.parse(step.startedAt)
  return Number.isNaN(durationMs) ? null : Math.max(0, durationMs)
}

/** The first of a commit's characters, as git shows them. */
export function toShortCommit(commit: string): string {
  return /^[0-9a-f]{12,}$/i.test(commit) ? commit.slice(0, 8) : commit
}
