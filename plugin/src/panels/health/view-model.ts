import type { DataFrame, LinkModel } from '@grafana/data'
import type { ComponentState, OverallStatus } from '../../../../collector/src/contract/health.ts'
import { createColumns } from '../../format/columns.ts'
import { compareNaturally } from '../../format/natural-order.ts'
import type { HealthOptions } from './options.ts'
import { stateLooks, toState } from './states.ts'

/** What one probe says of one component in one environment. */
export type Check = {
  readonly component: string
  readonly environment: string
  readonly state: ComponentState
  readonly since: number | null
  readonly latencyMs: number | null
  readonly message: string
  readonly probe: string
  readonly critical: boolean
  readonly url: string
  /** Asked only when the cell is drawn: links are built from templates, one by one. */
  readonly links: () => LinkModel[]
}

/** The worst of the checks that fall on one place of the matrix. */
export type Cell = Check & { readonly checks: number }
export type MatrixRow = { readonly component: string; readonly cells: readonly (Cell | undefined)[] }
export type Matrix = {
  readonly environments: readonly string[]
  readonly rows: readonly MatrixRow[]
  readonly overall: OverallStatus
  readonly counts: Readonly<Record<ComponentState, number>>
  /** Rows the option "only problems" left out. */
  readonly hidden: number
}

/** Whether frames hold states over time rather than states as they are. */
export function isHistory(frames: readonly DataFrame[]): boolean {
  return frames.some((frame) => createColumns(frame).has('time', 'component', 'state'))
}

/** The matrix of components and environments: in every cell the worst state wins. */
export function toMatrix(frames: readonly DataFrame[], options: Pick<HealthOptions, 'sort' | 'onlyProblems'>): Matrix {
  const checks = frames.flatMap(toChecks)
  const environments = [...new Set(checks.map((check) => check.environment))].sort(compareNaturally)
  const byComponent = Map.groupBy(checks, (check) => check.component)
  const rows = [...byComponent].map(([component, own]) => ({ component, cells: environments.map((name) => toCell(own, name)) }))
  const shown = options.onlyProblems ? rows.filter((row) => rankOf(row) > stateLooks.maintenance.rank) : rows
  return {
    environments,
    rows: shown.sort((left, right) => compareRows(left, right, options.sort)),
    overall: toOverall(checks),
    counts: countStates(rows),
    hidden: rows.length - shown.length,
  }
}

function toChecks(frame: DataFrame): Check[] {
  const columns = createColumns(frame)
  if (!columns.has('component', 'state')) return []
  return Array.from({ length: frame.length }, (_none, row) => ({
    component: columns.text('component', row),
    environment: columns.text('environment', row),
    state: toState(columns.text('state', row)),
    since: columns.time('since', row),
    latencyMs: columns.number('latency_ms', row),
    message: columns.text('message', row),
    probe: columns.text('probe', row),
    critical: columns.flag('critical', row),
    url: columns.text('url', row),
    links: () => columns.links(row),
  }))
}

function toCell(checks: readonly Check[], environment: string): Cell | undefined {
  const own = checks.filter((check) => check.environment === environment)
  const worst = own.reduce<Check | undefined>((before, check) => {
    return before === undefined || stateLooks[check.state].rank > stateLooks[before.state].rank ? check : before
  }, undefined)
  return worst && { ...worst, checks: own.length }
}

function rankOf(row: MatrixRow): number {
  return Math.max(...row.cells.map((cell) => (cell ? stateLooks[cell.state].rank : -1)))
}

function compareRows(left: MatrixRow, right: MatrixRow, sort: HealthOptions['sort']): number {
  const byName = compareNaturally(left.component, right.component)
  return sort === 'worst' ? rankOf(right) - rankOf(left) || byName : byName
}

/** A critical component down is critical; anything else that is down or degraded degrades. */
export function toOverall(checks: readonly Pick<Check, 'state' | 'critical'>[]): OverallStatus {
  if (checks.some((check) => check.state === 'down' && check.critical)) return 'CRITICAL'
  return checks.some((check) => check.state === 'down' || check.state === 'degraded') ? 'DEGRADED' : 'HEALTHY'
}

function countStates(rows: readonly MatrixRow[]): Record<ComponentState, number> {
  const counts: Record<ComponentState, number> = { up: 0, degraded: 0, down: 0, maintenance: 0, unknown: 0 }
  for (const row of rows) for (const cell of row.cells) if (cell) counts[cell.state] += 1
  return counts
}
