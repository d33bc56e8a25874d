import { LoadingState, type PanelData } from '@grafana/data'
import { expect, it } from 'vitest'
import { toFrame } from '../../test/frames.ts'
import { createSeriesKeeper, toPanelState } from './panel-state.ts'

const data = (parts: Partial<PanelData>) => ({ state: LoadingState.Done, series: [], timeRange: {}, ...parts }) as PanelData

it('waits only while there is nothing to show', () => {
  expect(toPanelState(data({ state: LoadingState.Loading }), false)).toEqual({ kind: 'loading' })
  expect(toPanelState(data({ state: LoadingState.Loading, series: [toFrame({ a: [1] })] }), true)).toEqual({ kind: 'ready' })
  expect(toPanelState(data({ state: LoadingState.Loading, series: [toFrame({ a: [] })] }), false)).toEqual({ kind: 'ready' })
})

it('keeps showing rows when an update failed, and says so', () => {
  const failed = data({ state: LoadingState.Error, errors: [{ message: 'gone' }] })
  expect(toPanelState(failed, true)).toEqual({ kind: 'ready', error: 'gone' })
  expect(toPanelState(failed, false)).toEqual({ kind: 'failed', message: 'gone' })
})

it('has a sentence even for an error without words', () => {
  expect(toPanelState(data({ state: LoadingState.Error }), false)).toEqual({ kind: 'failed', message: 'The query failed.' })
})

it('keeps the last rows while updates fail, and lets go of them when an answer has none', () => {
  const keep = createSeriesKeeper()
  const series = [{ fields: [], length: 0 }]
  const failed = { state: LoadingState.Error, series: [], errors: [{ message: 'gone' }] }
  expect(keep({ state: LoadingState.Done, series } as never)).toBe(series)
  expect(keep(failed as never)).toBe(series)
  expect(keep({ state: LoadingState.Done, series: [] } as never)).toEqual([])
  expect(keep(failed as never)).toEqual([])
})
