import { LoadingState } from '@grafana/data'
import { locationService } from '@grafana/runtime'
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { toFrameOfRows } from '../../../../test/frames.ts'
import { toPanelProps } from '../../../../test/panel-props.ts'
import { AlertsPanel } from '../AlertsPanel.tsx'
import { type AlertsOptions, defaultOptions } from '../options.ts'

const rule = (name: string, more: Record<string, unknown> = {}) => ({
  rule: name,
  severity: 'warning',
  episodes: 3,
  firing_ms: 5_040_000,
  flaps: 0,
  notifications: 4,
  acted_on_share: 0.5,
  useful: 3,
  not_useful: 1,
  precision: 0.75,
  ...more,
})
const rules = [
  rule('loud', { notifications: 1200, precision: null, useful: 0, not_useful: 0 }),
  rule('short', { severity: 'critical', firing_ms: 20_000, flaps: 7, acted_on_share: null }),
  rule('long', { firing_ms: 90_000_000, notifications: 30, precision: 0.25 }),
]
const draw = (rows: Record<string, unknown>[], more: Parameters<typeof toPanelProps>[0] = {}) =>
  render(<AlertsPanel {...toPanelProps<AlertsOptions>({ series: [toFrameOfRows(rows)], ...more }, defaultOptions)} />)

beforeEach(() => locationService.push('/d/alerts'))
afterEach(cleanup)

const namesOf = (items: HTMLElement[]) => items.map(({ textContent }) => /loud|short|long/.exec(textContent ?? '')?.[0])
const order = () => namesOf(screen.getAllByRole('rowheader'))

describe('a wide panel', () => {
  it('shows the loudest rule first, with what it asked of people', () => {
    draw(rules)
    expect(order()).toEqual(['loud', 'long', 'short'])
    const cells = within(screen.getAllByRole('row')[1] as HTMLElement).getAllByRole('cell')
    expect(cells.map(({ textContent }) => textContent)).toEqual(['Warning', '1,200', '3', '1 h 24 min', '0', '50 %', '–'])
    expect(screen.getByRole('columnheader', { name: /Messages/ }).getAttribute('aria-sort')).toBe('descending')
  })

  it('sorts by any figure, either way, with what is unknown last', () => {
    draw(rules)
    const sortBy = (name: RegExp) => fireEvent.click(screen.getByRole('button', { name }))
    sortBy(/Precision/)
    expect(order()).toEqual(['short', 'long', 'loud'])
    sortBy(/Precision/)
    expect(order()).toEqual(['long', 'short', 'loud'])
    sortBy(/Rule/)
    expect(order()).toEqual(['long', 'loud', 'short'])
    sortBy(/Severity/)
    expect(order()[0]).toBe('short')
  })
})

it('gives each rule a card where a table has no room, with every figure', () => {
  draw(rules, { width: 320 })
  expect(screen.queryByRole('table')).toBeNull()
  const cards = screen.getAllByRole('listitem')
  expect(namesOf(cards)).toEqual(['loud', 'long', 'short'])
  expect(cards[1]?.textContent).toBe('WarninglongMessages30Times3Firing1 d 1 hFlaps0Acted on50 %Precision25 % of 4')
})

it('says when nothing fired, and what failed', () => {
  const request = { targets: [{ refId: 'A', kind: 'alerts', view: 'noise' }] } as never
  draw([], { series: [], request })
  expect(screen.getByRole('status').textContent).toContain('No rule fired in this time range.')
  cleanup()
  draw([], { series: [], request, state: LoadingState.Error, errors: [{ message: 'the collector is gone' }] })
  expect(screen.getByRole('alert').textContent).toContain('the collector is gone')
})

it('keeps the last figures while an update fails', () => {
  const { rerender } = draw(rules)
  const failed = toPanelProps<AlertsOptions>(
    {
      series: [],
      state: LoadingState.Error,
      errors: [{ message: 'gone' }],
      request: { targets: [{ refId: 'A', view: 'noise' }] } as never,
    },
    defaultOptions,
  )
  rerender(<AlertsPanel {...failed} />)
  expect(screen.getByRole('alert').textContent).toContain('what you see may be old')
  expect(order()).toEqual(['loud', 'long', 'short'])
})
