import { LoadingState } from '@grafana/data'
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { toFrameOfRows } from '../../../test/frames.ts'
import { toPanelProps } from '../../../test/panel-props.ts'
import { HealthPanel } from './HealthPanel.tsx'
import { defaultOptions, type HealthOptions } from './options.ts'

afterEach(cleanup)

const rows = ['up', 'down'].map((state, index) => ({
  component: ['api', 'shop'][index],
  environment: 'production',
  state,
  since: Date.now() - 60_000,
  latency_ms: 12,
  message: state === 'down' ? 'connection refused' : '200 OK',
  probe: 'http',
  critical: true,
  url: index === 0 ? 'https://status.example.com/' : '',
}))
const draw = (parts: Parameters<typeof toPanelProps>[0], options: Partial<HealthOptions> = {}) =>
  render(<HealthPanel {...toPanelProps<HealthOptions>({ width: 600, ...parts }, { ...defaultOptions, ...options })} />)

describe('the health panel', () => {
  it('says in words what it says in colours', () => {
    draw({ series: [toFrameOfRows(rows)] })
    expect(screen.getByRole('status').textContent).toContain('Critical')
    const shop = screen.getByRole('rowheader', { name: 'shop' }).closest('tr')
    expect(shop && within(shop).getByRole('cell').textContent).toContain('Down')
  })

  it('leads to the address of a component', () => {
    draw({ series: [toFrameOfRows(rows)] })
    expect(screen.getByRole('link').getAttribute('href')).toBe('https://status.example.com/')
  })

  it('never leads to a script', () => {
    draw({ series: [toFrameOfRows([{ ...rows[0], url: 'javascript:alert(1)' }])] })
    expect(screen.getByRole('link').getAttribute('href')).toBe('about:blank')
  })

  it('takes one tab stop and moves it with the arrow keys', () => {
    const { container } = draw({ series: [toFrameOfRows(rows)] })
    const stops = () => [...container.querySelectorAll('[data-place][tabindex="0"]')].map((stop) => stop.getAttribute('data-place'))
    expect(stops()).toEqual(['0:0'])
    const table = screen.getByRole('table')
    fireEvent.keyDown(table, { key: 'ArrowDown' })
    expect(stops()).toEqual(['1:0'])
    expect(document.activeElement?.getAttribute('data-place')).toBe('1:0')
  })

  it('explains a cell when it has the focus', () => {
    const { container } = draw({ series: [toFrameOfRows(rows)] })
    fireEvent.focus(container.querySelector('[data-place="0:0"]') as Element)
    expect(screen.getByRole('tooltip').textContent).toContain('connection refused')
  })

  it('draws only the rows in view of many', () => {
    const many = Array.from({ length: 1000 }, (_none, index) => ({ ...rows[0], component: `service-${index}` }))
    draw({ series: [toFrameOfRows(many)] })
    expect(screen.getByRole('table').getAttribute('aria-rowcount')).toBe('1001')
    expect(screen.getAllByRole('rowheader').length).toBeLessThan(60)
  })

  it('says that there is nothing, that it failed, or that it shows old data', () => {
    draw({ series: [] })
    expect(screen.getByRole('status').textContent).toContain('No components')
    cleanup()
    draw({ series: [], state: LoadingState.Error, errors: [{ message: 'the collector is gone' }] })
    expect(screen.getByRole('alert').textContent).toContain('the collector is gone')
    cleanup()
    draw({ series: [toFrameOfRows(rows)], state: LoadingState.Error, errors: [{ message: 'gone' }] })
    expect(screen.getByRole('alert').textContent).toContain('may be old')
    expect(screen.getByRole('table')).toBeTruthy()
  })
})
