import { cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { toFrameOfRows } from '../../../test/frames.ts'
import { toPanelProps } from '../../../test/panel-props.ts'
import { DeploymentsPanel } from './DeploymentsPanel.tsx'
import { type DeploymentsOptions, defaultOptions } from './options.ts'

afterEach(cleanup)

const to = Date.UTC(2026, 0, 1, 12)
const minute = 60_000
const rows = [
  { id: 'd1', version: '1.4.2', status: 'failed', startedAt: to - 60 * minute, finishedAt: to - 50 * minute, reason: 'too slow' },
  { id: 'd2', version: '1.4.3', status: 'running', startedAt: to - 5 * minute, finishedAt: null, reason: null },
].map((row) => ({
  service: 'api',
  environment: 'production',
  previousVersion: '1.4.1',
  actor: 'jane',
  commit: 'abc',
  duration_ms: null,
  steps: JSON.stringify([{ name: 'migrate', status: 'failed', startedAt: '', finishedAt: null, message: 'table is locked' }]),
  url: 'https://ci.example.com/1',
  gates: JSON.stringify([
    { id: 'g1', gate: 'production', verdict: 'fail', answer: 'pass', reason: 'Errors: firing', startedAt: '', overriddenBy: 'joe' },
    { id: 'g2', gate: null, verdict: 'pass', answer: 'pass', reason: '2 rules are fine', startedAt: '', overriddenBy: null },
    { id: 'g3', gate: 'staging', verdict: 'fail', answer: 'pass', reason: 'Slow: firing', startedAt: '', overriddenBy: null },
    { id: 'g4', gate: 'after', verdict: 'inconclusive', answer: null, reason: '', startedAt: '', overriddenBy: null },
  ]),
  ...row,
}))
const draw = (parts: Parameters<typeof toPanelProps>[0] = {}) =>
  render(<DeploymentsPanel {...toPanelProps<DeploymentsOptions>({ series: [toFrameOfRows(rows)], to, ...parts }, defaultOptions)} />)

describe('the deployments panel', () => {
  it('draws a bar and a line for each deployment', () => {
    draw()
    expect(within(screen.getByRole('list', { name: 'Deployments over time' })).getAllByRole('button')).toHaveLength(2)
    expect(within(screen.getByRole('list', { name: 'List of deployments' })).getAllByRole('button')).toHaveLength(2)
    expect(screen.getByRole('button', { name: 'api 1.4.2 to production, Failed' })).toBeTruthy()
  })

  it('opens the steps of the one that was chosen, and closes them again', () => {
    draw()
    const bar = screen.getByRole('button', { name: 'api 1.4.2 to production, Failed' })
    fireEvent.click(bar)
    const details = screen.getByRole('region', { name: 'Details of api 1.4.2' })
    expect(details.textContent).toContain('table is locked')
    expect(within(details).getByRole('link').getAttribute('href')).toBe('https://ci.example.com/1')
    fireEvent.click(bar)
    expect(screen.queryByRole('region')).toBeNull()
  })

  it('says what gates let it pass, and what they would have said', () => {
    draw()
    fireEvent.click(screen.getByRole('button', { name: 'api 1.4.2 to production, Failed' }))
    const gates = screen.getByText('Gates').parentElement
    expect(
      within(gates as HTMLElement)
        .getAllByRole('listitem')
        .map(({ textContent }) => textContent),
    ).toEqual([
      'Overriddenproductionverdict: failErrors: firing; overridden by joe',
      'Passedchosen rules2 rules are fine',
      'Let bystagingverdict: failSlow: firing',
      'Watchingafter',
    ])
  })

  it('falls back to the list where a timeline has no room', () => {
    draw({ width: 320 })
    expect(screen.queryByRole('list', { name: 'Deployments over time' })).toBeNull()
    expect(screen.getByRole('list', { name: 'List of deployments' }).textContent).toContain('1.4.3')
  })

  it('says that there was none', () => {
    draw({ series: [] })
    expect(screen.getByRole('status').textContent).toContain('No deployments in this time range')
  })
})
