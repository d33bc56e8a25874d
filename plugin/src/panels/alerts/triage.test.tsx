import { locationService } from '@grafana/runtime'
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startEditorSession } from '../../../test/editor-session.ts'
import { fakeBackend } from '../../../test/fake-backend.ts'
import { toFrameOfRows } from '../../../test/frames.ts'
import { toPanelProps } from '../../../test/panel-props.ts'
import { AlertsPanel } from './AlertsPanel.tsx'
import { type AlertsOptions, defaultOptions } from './options.ts'

const alert = (id: string, rule: string, more: Record<string, unknown> = {}) => ({
  id,
  rule,
  severity: 'critical',
  state: 'firing',
  labels: `{"zone":"${id}"}`,
  summary: '',
  value: 1,
  startsAt: 1000,
  endsAt: null,
  acknowledgedBy: null,
  status: 'active',
  silencedBy: null,
  ...more,
})
const storm = [alert('eu', 'Down'), alert('us', 'Down'), alert('asia', 'Slow'), alert('hers', 'Down', { acknowledgedBy: 'joe' })]
const props = (rows: Record<string, unknown>[] = storm, more: Parameters<typeof toPanelProps>[0] = {}) =>
  toPanelProps<AlertsOptions>({ series: [toFrameOfRows(rows)], askedAt: 1, ...more }, defaultOptions)
type Call = { url: string; data?: { ids?: string[] } }
const takenOne = (id: string | undefined) => ({ id, severity: 'critical', state: 'firing', value: 1, endsAt: null, acknowledgedBy: 'jane' })
/** Of many, which are asked for together, those that are still there. */
const takenBut =
  (...over: string[]) =>
  ({ url, data }: Call) => {
    const ids = (data?.ids ?? []).filter((id) => !over.includes(id))
    return { data: url.endsWith('/alerts/ack') ? { alerts: ids.map(takenOne) } : takenOne(url.split('/').at(-2)) }
  }
const taken = takenBut()
const lineOf = (text: string) => screen.getByText(text).closest('button') as HTMLElement

beforeEach(startEditorSession)
afterEach(() => {
  vi.useRealTimers()
  cleanup()
})

describe('a storm', () => {
  it('is taken with one word for all alerts of a group that nobody has', async () => {
    const calls = fakeBackend({ '/ack': taken })
    render(<AlertsPanel {...props()} />)
    fireEvent.click(screen.getByRole('button', { name: 'Acknowledge all 3 of Critical that nobody has' }))
    const dialog = await screen.findByRole('dialog')
    expect(dialog.textContent).toContain('Down (2), Slow')
    fireEvent.change(within(dialog).getByLabelText(/Comment/), { target: { value: 'the link is down' } })
    fireEvent.click(within(dialog).getByRole('button', { name: 'Acknowledge' }))
    await waitFor(() => expect(screen.getAllByText(/jane has it/)).toHaveLength(3))
    expect(calls.map(({ url, data }) => [url, { ...data, ids: data.ids.toSorted() }])).toEqual([
      ['/proxy/operate/api/v1/alerts/ack', { actor: 'jane', comment: 'the link is down', ids: ['asia', 'eu', 'us'] }],
    ])
    expect(screen.queryByRole('button', { name: /^Acknowledge all/ })).toBeNull()
  })

  it('says how many were not taken, and shows those that were', async () => {
    fakeBackend({ '/alerts/ack': takenBut('us') })
    render(<AlertsPanel {...props()} />)
    fireEvent.click(screen.getByRole('button', { name: /^Acknowledge all 3/ }))
    fireEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Acknowledge' }))
    expect((await screen.findByRole('alert')).textContent).toContain('1 of 3 alerts stay as they were. Those have ended meanwhile.')
    expect(screen.getAllByText(/jane has it/)).toHaveLength(2)
  })

  it('is silenced with one reason by what its alerts share', async () => {
    const calls = fakeBackend({
      '/preview': { data: { alerts: [{ id: 'eu', rule: 'Down' }], days: 7, notificationsTotal: 0 } },
      '/silences': { data: {} },
    })
    const labels = (zone: string) => ({ labels: JSON.stringify({ alertname: 'Down', zone }) })
    const rows = [
      alert('eu', 'Down', labels('eu')),
      alert('us', 'Down', labels('us')),
      alert('quiet', 'Down', { ...labels('asia'), silencedBy: 's1' }),
    ]
    render(<AlertsPanel {...props(rows)} />)
    fireEvent.click(screen.getByRole('button', { name: 'Silence all 2 of Critical' }))
    const dialog = await screen.findByRole('dialog')
    await within(dialog).findByText(/1 of the 2 alerts of the group is not among them/)
    expect(within(dialog).getByLabelText<HTMLInputElement>('Matcher zone').value).toBe('zone=~"eu|us"')
    fireEvent.change(within(dialog).getByLabelText(/Why/), { target: { value: 'the link is down' } })
    fireEvent.click(within(dialog).getByRole('button', { name: 'Silence' }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(calls.at(-1)?.data).toMatchObject({ matchers: ['alertname="Down"'], comment: 'the link is down' })
  })

  it('stays as it was when the collector cannot take it, and says why', async () => {
    fakeBackend({ '/alerts/ack': { fails: { status: 503, data: {} } } })
    render(<AlertsPanel {...props()} />)
    fireEvent.click(screen.getByRole('button', { name: /^Acknowledge all 3/ }))
    fireEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Acknowledge' }))
    expect((await screen.findByRole('alert')).textContent).toContain('The collector is not ready')
    expect(screen.queryByText(/jane has it/)).toBeNull()
  })

  it('is narrowed to what nobody has', () => {
    render(<AlertsPanel {...props()} />)
    fireEvent.click(screen.getByRole('button', { name: 'Nobody has it 3' }))
    expect(screen.queryByText(/joe has it/)).toBeNull()
    expect(screen.getByText('Slow')).toBeTruthy()
  })
})

it('is counted by severity where the panel has no filter', () => {
  const rows = [...storm, alert('slow', 'Queue', { severity: 'info' }), alert('over', 'Queue', { severity: 'info', state: 'resolved' })]
  const given = toPanelProps<AlertsOptions>({ series: [toFrameOfRows(rows)], askedAt: 1 }, { ...defaultOptions, showFilters: false })
  const { container } = render(<AlertsPanel {...given} />)
  expect(container.textContent).toContain('4 critical')
  expect(container.textContent).toContain('1 info')
})

describe('a mistake', () => {
  const back = ({ url }: Call) => ({ data: { ...takenOne(url.split('/').at(-2)), acknowledgedBy: null } })
  const acknowledge = async (name: RegExp) => {
    fireEvent.click(screen.getByRole('button', { name }))
    fireEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Acknowledge' }))
    return screen.findByText(/^You have/)
  }

  it('is undone with one click, for all that were taken', async () => {
    const calls = fakeBackend({ '/ack': taken, '/unack': back })
    render(<AlertsPanel {...props()} />)
    expect((await acknowledge(/^Acknowledge all 3/)).textContent).toContain('You have 3 alerts.')
    fireEvent.click(screen.getByRole('button', { name: 'Undo' }))
    await waitFor(() => expect(screen.queryByText(/jane has it/)).toBeNull())
    const undone = calls.filter(({ url }) => url.endsWith('/unack')).map(({ url, data }) => `${url.split('/').at(-2)} ${data.actor}`)
    expect(undone.sort()).toEqual(['asia jane', 'eu jane', 'us jane'])
    expect(screen.queryByText(/^You have/)).toBeNull()
  })

  it('says why it could not be undone', async () => {
    const message = 'alert asia (Slow) is not active'
    fakeBackend({ '/ack': taken, '/unack': { fails: { status: 409, data: { error: { code: 'CONFLICT', message } } } } })
    render(<AlertsPanel {...props()} />)
    await acknowledge(/^Acknowledge Slow/)
    fireEvent.click(screen.getByRole('button', { name: 'Undo' }))
    expect((await screen.findByRole('alert')).textContent).toContain(message)
  })

  it('is no longer spoken of after a minute, or once something else is done', async () => {
    fakeBackend({ '/ack': taken })
    render(<AlertsPanel {...props()} />)
    await acknowledge(/^Acknowledge Slow/)
    fireEvent.keyDown(lineOf('Slow'), { key: 'r' })
    expect(screen.queryByText(/^You have/)).toBeNull()
    fireEvent.click(await screen.findByRole('button', { name: 'Cancel' }))
    vi.useFakeTimers({ shouldAdvanceTime: true })
    await acknowledge(/^Acknowledge all 2/)
    act(() => void vi.advanceTimersByTime(60_000))
    expect(screen.queryByText(/^You have/)).toBeNull()
  })

  it('of another is given back by U, with a word about whose it is', async () => {
    const calls = fakeBackend({ '/unack': back })
    render(<AlertsPanel {...props()} />)
    fireEvent.keyDown(lineOf('Slow'), { key: 'u' })
    expect(screen.queryByRole('dialog')).toBeNull()
    const line = screen
      .getByText(/joe has it/)
      .closest('li')
      ?.querySelector('[data-line]') as HTMLElement
    fireEvent.keyDown(line, { key: 'u' })
    const dialog = await screen.findByRole('dialog')
    expect(dialog.textContent).toContain('joe has it, not you.')
    fireEvent.click(within(dialog).getByRole('button', { name: 'Give back' }))
    await waitFor(() => expect(screen.queryByText(/joe has it/)).toBeNull())
    expect(calls.map(({ url }) => url)).toEqual(['/proxy/operate/api/v1/alerts/hers/unack'])
    expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull()
  })

  it('cannot be undone where an alert was taken from somebody: that cannot be given back to them', async () => {
    fakeBackend({ '/ack': taken })
    render(<AlertsPanel {...props()} />)
    fireEvent.keyDown(
      screen
        .getByText(/joe has it/)
        .closest('li')
        ?.querySelector('[data-line]') as HTMLElement,
      { key: 'a' },
    )
    fireEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Acknowledge' }))
    await screen.findByText(/jane has it/)
    expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull()
  })

  it('with a silence ends that silence', async () => {
    const calls = fakeBackend({
      '/preview': { data: { alerts: [], days: 7, notificationsTotal: 0 } },
      '/silences': { data: { id: 's7' } },
      '/silences/s7': { data: {} },
    })
    render(<AlertsPanel {...props()} />)
    fireEvent.keyDown(lineOf('Slow'), { key: 's' })
    const dialog = await screen.findByRole('dialog')
    fireEvent.change(within(dialog).getByLabelText(/Why/), { target: { value: 'oops' } })
    fireEvent.click(within(dialog).getByRole('button', { name: 'Silence' }))
    expect((await screen.findByText(/^Silenced for/)).textContent).toContain('Silenced for 2h: zone="asia".')
    fireEvent.click(screen.getByRole('button', { name: 'Undo' }))
    await waitFor(() => expect(screen.queryByText(/^Silenced for/)).toBeNull())
    expect(calls.at(-1)).toMatchObject({ method: 'DELETE', url: '/proxy/operate/api/v1/silences/s7' })
  })
})

describe('two keys', () => {
  it('acknowledge: A on the line, Enter in the dialog', async () => {
    const calls = fakeBackend({ '/ack': taken })
    render(<AlertsPanel {...props()} />)
    fireEvent.keyDown(lineOf('Slow'), { key: 'a' })
    const comment = within(await screen.findByRole('dialog')).getByLabelText(/Comment/)
    fireEvent.keyDown(comment, { key: 'Enter', shiftKey: true })
    fireEvent.keyDown(comment, { key: 'Enter', isComposing: true })
    expect(calls).toEqual([])
    fireEvent.keyDown(comment, { key: 'Enter' })
    await waitFor(() => expect(calls.map(({ url }) => url)).toEqual(['/proxy/operate/api/v1/alerts/asia/ack']))
  })

  it('take or silence the whole group: Shift and the letter', async () => {
    fakeBackend({ '/preview': { data: { alerts: [], days: 7, notificationsTotal: 0 } } })
    render(<AlertsPanel {...props()} />)
    fireEvent.keyDown(lineOf('Slow'), { key: 'A', shiftKey: true })
    expect((await screen.findByRole('dialog')).textContent).toContain('Acknowledge 3 alerts')
    fireEvent.click(screen.getByRole('button', { name: 'Cancel' }))
    fireEvent.keyDown(lineOf('Slow'), { key: 'S', shiftKey: true })
    expect((await screen.findByRole('dialog')).textContent).toContain('Silence 4 alerts')
  })

  it('resolve nothing: a resolution is confirmed by its button', async () => {
    const calls = fakeBackend({ '/resolve': taken })
    render(<AlertsPanel {...props()} />)
    fireEvent.keyDown(lineOf('Slow'), { key: 'r' })
    fireEvent.keyDown(within(await screen.findByRole('dialog')).getByLabelText(/Comment/), { key: 'Enter' })
    expect(calls).toEqual([])
  })
})

describe("the page's address", () => {
  it('shows a colleague the same alerts and the same details', () => {
    locationService.push('/d/alerts?alerts-1-text=slow&alerts-1-open=asia+1000')
    render(<AlertsPanel {...props()} />)
    expect(screen.queryByText(/joe has it/)).toBeNull()
    expect(screen.getByRole('region', { name: 'Details of Slow' })).toBeTruthy()
  })

  it('takes over what somebody looks at, beside what others wrote there', async () => {
    locationService.push('/d/alerts?from=now-6h')
    render(<AlertsPanel {...props()} />)
    fireEvent.click(screen.getByRole('button', { name: 'Critical 4' }))
    fireEvent.click(screen.getByText('Slow'))
    await waitFor(() =>
      expect(Object.fromEntries(locationService.getSearch())).toEqual({
        from: 'now-6h',
        'alerts-1-severity': 'critical',
        'alerts-1-open': 'asia 1000',
      }),
    )
    fireEvent.click(screen.getByRole('button', { name: 'Critical 4' }))
    fireEvent.click(screen.getByRole('button', { name: 'Close details' }))
    await waitFor(() => expect([...locationService.getSearch().keys()]).toEqual(['from']))
  })

  it('lets Back close the details that covered the list', async () => {
    render(<AlertsPanel {...props(storm, { width: 340 })} />)
    fireEvent.click(screen.getByText('Slow'))
    await screen.findByRole('region', { name: 'Details of Slow' })
    act(() => locationService.getHistory().goBack())
    await waitFor(() => expect(screen.queryByRole('region', { name: 'Details of Slow' })).toBeNull())
  })
})

it('keeps what is typed in a dialog while the list changes', async () => {
  const { rerender } = render(<AlertsPanel {...props()} />)
  fireEvent.keyDown(lineOf('Slow'), { key: 'a' })
  const comment = within(await screen.findByRole('dialog')).getByLabelText(/Comment/)
  fireEvent.change(comment, { target: { value: 'half a sen' } })
  rerender(<AlertsPanel {...props([alert('new', 'Fire'), ...storm.slice(0, 2)])} />)
  expect((screen.getByLabelText(/Comment/) as HTMLTextAreaElement).value).toBe('half a sen')
})
