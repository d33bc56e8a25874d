import type { Dashboard } from '@grafana/schema'
import type { ClassicDashboard } from './classic-model.ts'

/**
 * Fails to compile when the model of these dashboards and Grafana's own disagree on a key or its type.
 *
 * Grafana's types lag behind its files in two places, which are left to the strict model alone:
 * targets of annotations are typed for Grafana's own store, and variables lack ad-hoc filters.
 */
type Shared = Omit<ClassicDashboard, 'annotations' | 'templating' | 'panels' | 'links' | 'graphTooltip'>
type SharedPanel = Pick<
  Exclude<ClassicDashboard['panels'][number], { type: 'row' }>,
  'id' | 'type' | 'title' | 'description' | 'datasource' | 'gridPos' | 'interval' | 'options' | 'transformations'
>

export type KnownDashboard = Shared extends Partial<Dashboard> ? true : never
export type KnownPanel = SharedPanel extends Partial<NonNullable<Dashboard['panels']>[number]> ? true : never
export const agreesWithGrafana: readonly [KnownDashboard, KnownPanel] = [true, true]
