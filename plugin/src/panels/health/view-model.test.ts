import { describe, expect, it } from 'vitest'
import { toFrame, toFrameOfRows } from '../../../test/frames.ts'
import { migrateOptions } from './options.ts'
import { suggestHealth } from './suggestions.ts'
import { isHistory, toMatrix, toOverall } from './view-model.ts'

const check = (component: string, environment: string, state: string, more: Record<string, unknown> = {}) => ({
  component,
  environment,
  state,
  since: 1000,
  latency_ms: 12,
  message: 'ok',
  probe: 'http',
  critical: false,
  url: '',
  ...more,
})
const options = { sort: 'worst', onlyProblems: false } as const

describe('toMatrix', () => {
  it('puts components against environments, both in natural order, and leaves gaps', () => {
    const frame = toFrameOfRows([check('db10', 'prod', 'up'), check('db2', 'dev', 'up'), check('db2', 'prod', 'up')])
    const { environments, rows } = toMatrix([frame], options)
    expect(environments).toEqual(['dev', 'prod'])
    expect(rows.map((row) => [row.component, ...row.cells.map((cell) => cell?.state)])).toEqual([
      ['db2', 'up', 'up'],
      ['db10', undefined, 'up'],
    ])
  })

  it('lets the worst state win where several checks fall on one cell', () => {
    const frame = toFrameOfRows([
      check('db', 'prod', 'up'),
      check('db', 'prod', 'down', { message: 'refused' }),
      check('db', 'prod', 'degraded'),
    ])
    expect(toMatrix([frame], options).rows[0]?.cells[0]).toMatchObject({ state: 'down', message: 'refused', checks: 3 })
  })

  it('joins frames of several queries', () => {
    const frames = [toFrameOfRows([check('a', 'prod', 'up')]), toFrameOfRows([check('b', 'prod', 'up')])]
    expect(toMatrix(frames, options).rows).toHaveLength(2)
  })

  it('sorts the worst first, or by name', () => {
    const frame = toFrameOfRows([
      check('a', 'prod', 'up'),
      check('b', 'prod', 'unknown'),
      check('c', 'prod', 'down'),
      check('d', 'prod', 'degraded'),
    ])
    expect(toMatrix([frame], options).rows.map((row) => row.component)).toEqual(['c', 'd', 'b', 'a'])
    expect(toMatrix([frame], { ...options, sort: 'name' }).rows.map((row) => row.component)).toEqual(['a', 'b', 'c', 'd'])
  })

  it('can leave out what is fine, and counts it all the same', () => {
    const frame = toFrameOfRows([check('a', 'prod', 'up'), check('b', 'prod', 'maintenance'), check('c', 'prod', 'down')])
    const { rows, hidden, counts } = toMatrix([frame], { ...options, onlyProblems: true })
    expect(rows.map((row) => row.component)).toEqual(['c'])
    expect(hidden).toBe(2)
    expect(counts).toMatchObject({ up: 1, maintenance: 1, down: 1 })
  })

  it('reads states that are kept as numbers, and calls the rest unknown', () => {
    const frame = toFrame({ component: ['a', 'b', 'c'], environment: ['', '', ''], state: [2, 9, null] })
    expect(toMatrix([frame], { ...options, sort: 'name' }).rows.map((row) => row.cells[0]?.state)).toEqual(['down', 'unknown', 'unknown'])
  })

  it('makes nothing of frames about something else', () => {
    expect(toMatrix([toFrame({ time: [1], usage_user: [2] })], options)).toMatchObject({ rows: [], overall: 'HEALTHY' })
  })
})

describe('toOverall', () => {
  it.each([
    [[{ state: 'up', critical: true }], 'HEALTHY'],
    [[{ state: 'unknown', critical: true }], 'HEALTHY'],
    [[{ state: 'maintenance', critical: true }], 'HEALTHY'],
    [[{ state: 'down', critical: false }], 'DEGRADED'],
    [[{ state: 'degraded', critical: true }], 'DEGRADED'],
    [
      [
        { state: 'up', critical: true },
        { state: 'down', critical: true },
      ],
      'CRITICAL',
    ],
  ] as const)('of %j is %s', (checks, overall) => {
    expect(toOverall(checks)).toBe(overall)
  })
})

it('knows states over time from states as they are', () => {
  expect(isHistory([toFrame({ time: [1], component: ['a'], environment: ['x'], state: ['up'] })])).toBe(true)
  expect(isHistory([toFrame({ component: ['a'], environment: ['x'], state: ['up'] })])).toBe(false)
})

it('fills in what older dashboards lack and puts nonsense right', () => {
  expect(migrateOptions(undefined)).toMatchObject({ sort: 'worst', rowHeight: 36, showSummary: true })
  expect(migrateOptions({ sort: 'x' as never, rowHeight: 5000, onlyProblems: true })).toMatchObject({
    sort: 'worst',
    rowHeight: 120,
    onlyProblems: true,
  })
})

it('suggests itself for health and nothing else', () => {
  expect(suggestHealth({ rawFrames: [toFrame({ component: ['a'], environment: [''], state: ['up'] })] })).toHaveLength(1)
  expect(suggestHealth({ rawFrames: [toFrame({ time: [1], value: [2] })] })).toEqual([])
  expect(suggestHealth({})).toEqual([])
})
