import { config, RefreshEvent } from '@grafana/runtime'
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEditorSession } from '../../../test/editor-session.ts'
import { fakeBackend } from '../../../test/fake-backend.ts'
import { toFrameOfRows } from '../../../test/frames.ts'
import { toPanelProps } from '../../../test/panel-props.ts'
import { AlertsPanel } from './AlertsPanel.tsx'
import { type AlertsOptions, defaultOptions } from './options.ts'

const alert = (id: string, rule: string) => ({
  id,
  rule,
  severity: 'critical',
  state: 'firing',
  labels: '{"host":"a"}',
  summary: `${rule} on a`,
  value: 1,
  startsAt: Date.now() - 60_000,
  endsAt: null,
  acknowledgedBy: null,
  acknowledgeComment: null,
  cause: 'api 1.4.2 deployed 4 min before',
  causeDetails: JSON.stringify({ summary: 'api 1.4.2 deployed 4 min before', rollback: 'deploy api 1.4.1' }),
  annotations: '{"runbook":"https://example.com/down","hint":"restart it"}',
})
const series = [toFrameOfRows([alert('a1', 'Down'), alert('a2', 'Slow')])]
const acknowledged = {
  id: 'a1',
  severity: 'critical',
  state: 'firing',
  value: 1,
  endsAt: null,
  acknowledgedBy: 'jane',
  acknowledgeComment: 'mine',
}
const props = (parts: Parameters<typeof toPanelProps>[0] = {}) => toPanelProps<AlertsOptions>({ series, ...parts }, defaultOptions)

beforeEach(startEditorSession)
afterEach(cleanup)

async function acknowledge(comment: string) {
  fireEvent.click(screen.getByRole('button', { name: 'Acknowledge Down' }))
  const dialog = await screen.findByRole('dialog')
  fireEvent.change(within(dialog).getByLabelText(/Comment/), { target: { value: comment } })
  fireEvent.click(within(dialog).getByRole('button', { name: 'Acknowledge' }))
}

describe('acknowledging in the panel', () => {
  it('sends who and why, shows the answer at once and asks for a refresh', async () => {
    const calls = fakeBackend({ '/ack': { data: acknowledged } })
    const given = props({ askedAt: Date.now() - 1000 })
    let refreshed = 0
    given.eventBus.getStream(RefreshEvent).subscribe(() => {
      refreshed += 1
    })
    render(<AlertsPanel {...given} />)
    await acknowledge('mine')
    await screen.findByText(/jane has it/)
    expect(calls.map((call) => [call.url, call.data])).toEqual([
      ['/proxy/operate/api/v1/alerts/a1/ack', { actor: 'jane', comment: 'mine' }],
    ])
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(refreshed).toBe(1)
  })

  it('keeps the dialog open and says why when it was refused', async () => {
    fakeBackend({ '/ack': { fails: { status: 409, data: { error: { code: 'CONFLICT', message: 'the alert is over' } } } } })
    render(<AlertsPanel {...props()} />)
    await acknowledge('')
    expect((await screen.findByRole('alert')).textContent).toContain('the alert is over')
    expect(screen.getByRole('dialog')).toBeTruthy()
  })

  it('is not offered to those who may only look', () => {
    config.bootData = { user: { login: 'bob', orgRole: 'Viewer' } } as never
    render(<AlertsPanel {...props()} />)
    expect(screen.queryByRole('button', { name: 'Acknowledge Down' })).toBeNull()
    fireEvent.click(screen.getByText('Down'))
    expect(screen.getByRole('button', { name: 'Resolve' }).hasAttribute('disabled')).toBe(true)
    expect(screen.getByText(/need the role Editor/)).toBeTruthy()
  })
})

describe('marking', () => {
  it('says of which episode it was useful, and takes that back', async () => {
    const calls = fakeBackend({ '/mark': ({ data }) => ({ data: { ...acknowledged, useful: data.useful ?? undefined } }) })
    render(<AlertsPanel {...props({ askedAt: Date.now() - 1000 })} />)
    fireEvent.click(screen.getByText('Down'))
    fireEvent.click(screen.getByRole('button', { name: 'Not useful' }))
    await waitFor(() => expect(screen.getByRole('button', { name: 'Not useful' }).getAttribute('aria-pressed')).toBe('true'))
    fireEvent.click(screen.getByRole('button', { name: 'Not useful' }))
    await waitFor(() => expect(screen.getByRole('button', { name: 'Not useful' }).getAttribute('aria-pressed')).toBe('false'))
    expect(calls.map(({ url, data }) => [url, data.useful, typeof data.startsAt])).toEqual([
      ['/proxy/operate/api/v1/alerts/a1/mark', false, 'string'],
      ['/proxy/operate/api/v1/alerts/a1/mark', null, 'string'],
    ])
  })
})

describe('the list', () => {
  it('opens the details of an alert and closes them again', async () => {
    render(<AlertsPanel {...props()} />)
    fireEvent.click(screen.getByText('Slow'))
    const details = screen.getByRole('region', { name: 'Details of Slow' })
    expect(details.textContent).toContain('restart it')
    expect(details.textContent).toContain('api 1.4.2 deployed 4 min before')
    expect(details.textContent).toContain('deploy api 1.4.1')
    fireEvent.click(within(details).getByRole('button', { name: 'Close details' }))
    await waitFor(() => expect(screen.queryByRole('region')).toBeNull())
  })

  it('leads from an alert to its runbook', () => {
    render(<AlertsPanel {...props()} />)
    fireEvent.click(screen.getByText('Slow'))
    const runbook = screen.getByRole('link', { name: /Runbook/ })
    expect(runbook.getAttribute('href')).toBe('https://example.com/down')
    expect(runbook.getAttribute('target')).toBe('_blank')
  })

  it('narrows to the alerts that share a label of the one that is read', () => {
    const other = { ...alert('a3', 'Elsewhere'), labels: '{"host":"b"}' }
    render(<AlertsPanel {...props({ series: [toFrameOfRows([alert('a1', 'Down'), other])] })} />)
    fireEvent.click(screen.getByText('Down'))
    fireEvent.click(screen.getByTitle('Only alerts with host=a'))
    expect(screen.queryByText('Elsewhere')).toBeNull()
    fireEvent.click(screen.getByTitle('Any host'))
    expect(screen.getByText('Elsewhere')).toBeTruthy()
  })

  it('leaves an alert in the hands of its reader when it is over meanwhile', () => {
    const { rerender } = render(<AlertsPanel {...props()} />)
    fireEvent.click(screen.getByText('Slow'))
    rerender(<AlertsPanel {...props({ series: [toFrameOfRows([alert('a1', 'Down')])] })} />)
    const details = screen.getByRole('region', { name: 'Details of Slow' })
    expect(details.textContent).toContain('this is how it stood last')
    expect(within(details).queryByRole('button', { name: 'Acknowledge' })).toBeNull()
  })

  it('covers the list with the details where there is no room for both', () => {
    render(<AlertsPanel {...props({ width: 340 })} />)
    fireEvent.click(screen.getByText('Slow'))
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Details of Slow')
    fireEvent.keyDown(document.activeElement as Element, { key: 'Escape' })
    expect(document.activeElement).toBe(screen.getByText('Slow').closest('button'))
  })

  it('narrows by text', () => {
    render(<AlertsPanel {...props()} />)
    fireEvent.change(screen.getByLabelText('Text'), { target: { value: 'slow' } })
    expect(screen.queryByText('Down')).toBeNull()
    fireEvent.change(screen.getByLabelText('Text'), { target: { value: 'nowhere' } })
    expect(screen.getByText('No alert passes the filter.')).toBeTruthy()
  })

  it('draws only what is in view of a thousand', () => {
    const many = Array.from({ length: 1000 }, (_none, index) => alert(`a${index}`, `Rule ${index}`))
    render(<AlertsPanel {...props({ series: [toFrameOfRows(many)] })} />)
    expect(screen.getAllByRole('listitem').length).toBeLessThan(60)
  })

  it('says when it shows only a part', () => {
    const [frame] = series
    if (!frame) throw new Error('There is a frame.')
    const notices = [{ severity: 'warning' as const, text: 'Only the first 2 are shown.' }]
    render(<AlertsPanel {...props({ series: [{ ...frame, meta: { notices } }] })} />)
    expect(screen.getByRole('status').textContent).toContain('Only the first 2 are shown.')
  })

  it('says when there is nothing wrong', () => {
    render(<AlertsPanel {...props({ series: [] })} />)
    expect(screen.getByRole('status').textContent).toContain('No alerts')
  })
})
