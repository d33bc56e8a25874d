import { describe, expect, it } from 'vitest'
import { toFrame, toFrameOfRows } from '../../../test/frames.ts'
import { fitView } from './DeploymentsPanel.tsx'
import { barWidthMin, toLanes } from './lanes.ts'
import { migrateOptions } from './options.ts'
import { suggestDeployments } from './suggestions.ts'
import { type DeploymentRow, toDeployments, toDurationMs, toShortCommit, toStepDurationMs } from './view-model.ts'

const deployment = (id: string, more: Record<string, unknown> = {}) => ({
  id,
  service: 'api',
  environment: 'production',
  version: '1.4.2',
  previousVersion: null,
  status: 'succeeded',
  actor: null,
  commit: null,
  startedAt: 1000,
  finishedAt: 2000,
  duration_ms: 1000,
  reason: null,
  steps: '[]',
  url: null,
  ...more,
})
const rowsOf = (...deployments: Record<string, unknown>[]) => toDeployments([toFrameOfRows(deployments)])

describe('toDeployments', () => {
  it('sorts the youngest first and takes each once', () => {
    const frame = toFrameOfRows([deployment('a', { startedAt: 1 }), deployment('b', { startedAt: 2 })])
    expect(toDeployments([frame, frame]).map((row) => row.id)).toEqual(['b', 'a'])
  })

  it('reads the steps, and lives without them', () => {
    const steps = [
      { name: 'migrate', status: 'succeeded', startedAt: '2026-01-01T00:00:00Z', finishedAt: '2026-01-01T00:00:30Z', message: null },
    ]
    expect(rowsOf(deployment('a', { steps: JSON.stringify(steps) }))[0]?.steps).toEqual(steps)
    expect(rowsOf(deployment('a', { steps: '{"no":"list"}' }))[0]?.steps).toEqual([])
    expect(steps.map(toStepDurationMs)).toEqual([30_000])
  })

  it('knows a running deployment has no end, whatever the columns say', () => {
    expect(rowsOf(deployment('a', { status: 'running' }))[0]?.finishedAt).toBeNull()
    expect(rowsOf(deployment('a', { finishedAt: null }))[0]?.finishedAt).toBe(2000)
    expect(rowsOf(deployment('a', { finishedAt: null, duration_ms: null }))[0]?.finishedAt).toBe(1000)
  })

  it('leaves out what has no start', () => {
    expect(rowsOf(deployment('a', { startedAt: null }))).toEqual([])
    expect(toDeployments([toFrame({ time: [1], value: [2] })])).toEqual([])
  })

  it('counts the duration of a running one to now', () => {
    expect(toDurationMs({ startedAt: 1000, finishedAt: null }, 4000)).toBe(3000)
    expect(toDurationMs({ startedAt: 1000, finishedAt: 1500 }, 4000)).toBe(500)
  })
})

describe('toLanes', () => {
  const range = { from: 0, to: 1000 }
  const draw = (rows: DeploymentRow[], now = 1000) => toLanes(rows, { range, now, width: 1000 })

  it('gives each service and environment a lane, in natural order', () => {
    const rows = rowsOf(
      deployment('a', { service: 'api10' }),
      deployment('b', { service: 'api2' }),
      deployment('c', { service: 'api2', environment: 'dev' }),
    )
    const inside = rows.map((row) => ({ ...row, startedAt: 100, finishedAt: 300 }))
    expect(draw(inside).map((lane) => `${lane.service} ${lane.environment}`)).toEqual(['api2 dev', 'api2 production', 'api10 production'])
  })

  it('draws from start to finish, a running one to now, and cuts at the edges', () => {
    const at = (startedAt: number, finishedAt: number | null, now = 1000) =>
      draw([{ ...(rowsOf(deployment('a'))[0] as DeploymentRow), startedAt, finishedAt }], now)[0]?.bars[0]
    expect(at(100, 400)).toMatchObject({ x: 100, width: 300, startsBefore: false })
    expect(at(100, null, 600)).toMatchObject({ x: 100, width: 500 })
    expect(at(-500, 200)).toMatchObject({ x: 0, width: 200, startsBefore: true })
    expect(at(500, 505)).toMatchObject({ x: 500, width: barWidthMin })
    expect(at(999, 1000)).toMatchObject({ x: 1000 - barWidthMin, width: barWidthMin })
    expect(at(-500, -100)).toBeUndefined()
  })

  const many = (count: number, step: number, length: number) =>
    Array.from({ length: count }, (_none, index) => ({
      ...(rowsOf(deployment(`d${index}`))[0] as DeploymentRow),
      id: `d${index}`,
      startedAt: index * step,
      finishedAt: index * step + length,
    }))

  it('never covers a bar with another while there is a track to put it on', () => {
    const [lane] = draw(many(5, 50, 120))
    expect(lane?.tracks).toBe(3)
    for (const bar of lane?.bars ?? []) {
      const others = lane?.bars.filter((other) => other !== bar && other.track === bar.track) ?? []
      expect(others.some((other) => other.x < bar.x + bar.width && bar.x < other.x + other.width)).toBe(false)
    }
  })

  it('stays readable when very many happen at once', () => {
    expect(draw(many(200, 1, 500))[0]?.tracks).toBe(6)
  })

  it('puts the version in the bar, beside it, or nowhere', () => {
    const sideOf = (startedAt: number, length: number) =>
      draw([{ ...(rowsOf(deployment('a'))[0] as DeploymentRow), startedAt, finishedAt: startedAt + length }])[0]?.bars[0]?.label.side
    expect(sideOf(100, 300)).toBe('inside')
    expect(sideOf(100, 10)).toBe('right')
    expect(sideOf(990, 10)).toBe('left')
    expect(draw(many(40, 25, 10))[0]?.bars[20]?.label.side).toBe('none')
  })
})

it('shows what fits the place', () => {
  expect(fitView('both', 900, 400)).toBe('both')
  expect(fitView('both', 900, 200)).toBe('timeline')
  expect(fitView('timeline', 300, 400)).toBe('list')
  expect(fitView('list', 900, 200)).toBe('list')
})

it('shortens commits as git does, and leaves other names alone', () => {
  expect(toShortCommit('5d124b0aa0011223344556677889900aabbccdde')).toBe('5d124b0a')
  expect(toShortCommit('release-42')).toBe('release-42')
})

it('puts nonsense in options right, and suggests itself for deployments only', () => {
  expect(migrateOptions({ view: 'moon' as never }).view).toBe('both')
  expect(suggestDeployments({ rawFrames: [toFrameOfRows([deployment('a')])] })).toHaveLength(1)
  expect(suggestDeployments({ rawFrames: [] })).toEqual([])
})
