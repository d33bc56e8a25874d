import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type ClassicDashboard, type ClassicPanel, dashboardSchema, type MetricsTarget } from './classic-model.ts'
import { readKnownFields } from './known-fields.ts'
import { agreesWithGrafana } from './model-types.ts'

const folder = import.meta.dirname
const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'))
const dashboards = files.map((file) => [file, dashboardSchema.parse(read(file))] as const)
const knownFields = await readKnownFields()

const allPanels = ({ panels }: ClassicDashboard): ClassicPanel[] => panels.flatMap((part) => (part.type === 'row' ? part.panels : [part]))
const metricsTargets = (dashboard: ClassicDashboard) =>
  allPanels(dashboard).flatMap(({ targets }) => targets.filter((one): one is MetricsTarget => one.kind === 'metrics'))
const uids = dashboards.map(([, { uid }]) => uid)

describe('the dashboards', () => {
  it('are the six that the product speaks of, each with its own uid', () => {
    expect(agreesWithGrafana).toEqual([true, true])
    expect([...uids].sort()).toEqual([
      'tidewatch-alerts',
      'tidewatch-deployments',
      'tidewatch-metrics',
      'tidewatch-overview',
      'tidewatch-performance',
      'tidewatch-system-health',
    ])
  })
})

describe.each(dashboards)('%s', (file, dashboard) => {
  it('is named after its uid', () => {
    expect(`tidewatch-${file}`).toBe(`${dashboard.uid}.json`)
  })

  it('gives every panel its own id', () => {
    const ids = dashboard.panels.flatMap((part) => [part.id, ...(part.type === 'row' ? part.panels.map(({ id }) => id) : [])])
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('lays no panel over another, and none over the edge', () => {
    const panels = [...dashboard.panels, ...dashboard.panels.flatMap((part) => (part.type === 'row' ? part.panels : []))]
    for (const [index, { title, gridPos: a }] of panels.entries()) {
      expect(a.x + a.w, title).toBeLessThanOrEqual(24)
      for (const { title: other, gridPos: b } of panels.slice(index + 1)) {
        const apart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y
        expect(apart, `${title} and ${other}`).toBe(true)
      }
    }
  })

  it('asks each target of a panel under a refId of its own', () => {
    for (const { title, targets } of allPanels(dashboard))
      expect(new Set(targets.map(({ refId }) => refId)).size, title).toBe(targets.length)
  })

  it('names only measurements and fields that somebody writes', () => {
    for (const { measurement, fields } of metricsTargets(dashboard).filter((one) => !one.measurement.startsWith('$'))) {
      expect([...knownFields.keys()], measurement).toContain(measurement)
      for (const field of fields) expect([...(knownFields.get(measurement) ?? [])], `${measurement}.${field}`).toContain(field)
    }
  })

  it('uses only variables it has', () => {
    const names = new Set(dashboard.templating.list.map(({ name }) => name))
    const used = JSON.stringify([dashboard.panels, dashboard.templating]).matchAll(/(?<!\$)\$(?:\{(\w+)[^}]*\}|([a-z]\w*))/g)
    // `$1` belongs to patterns of renames; names that begin with two underscores are Grafana's.
    const ours = [...used].map((match) => match[1] ?? match[2] ?? '').filter((name) => !name.startsWith('__'))
    for (const name of ours) expect([...names]).toContain(name)
  })

  it('leads only to dashboards there are', () => {
    const targets = [...JSON.stringify(dashboard).matchAll(/"\/d\/([\w-]+)/g)].map((match) => match[1])
    for (const uid of targets) expect(uids).toContain(uid)
  })

  it('draws deployments over its graphs', () => {
    expect(dashboard.annotations.list.map(({ target }) => target.kind)).toContain('deployments')
  })
})
