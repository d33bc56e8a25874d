import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEditorSession } from '../../../../test/editor-session.ts'
import { fakeBackend } from '../../../../test/fake-backend.ts'
import { toFrameOfRows } from '../../../../test/frames.ts'
import { toPanelProps } from '../../../../test/panel-props.ts'
import { AlertsPanel } from '../AlertsPanel.tsx'
import { type AlertsOptions, defaultOptions } from '../options.ts'

const alert = {
  id: 'a1',
  rule: 'Down',
  severity: 'critical',
  state: 'firing',
  labels: '{"alertname":"Down","host":"web-1"}',
  summary: 'web-1 does not answer',
  value: 1,
  startsAt: Date.now() - 60_000,
  endsAt: null,
  acknowledgedBy: null,
  acknowledgeComment: null,
  cause: null,
  annotations: '{}',
  status: 'active',
  silencedBy: null,
}
const preview = {
  alerts: [{ rule: 'Down' }, { rule: 'Down' }],
  days: 7,
  notificationsSuppressed: 14,
  notificationsShortened: 2,
  notificationsTotal: 120,
}
const silence = {
  id: 's1',
  state: 'active',
  matchers: ['host="web-1"'],
  startsAt: '2026-01-01T00:00:00Z',
  endsAt: '2026-01-01T02:00:00Z',
  createdBy: 'bob',
  comment: 'new disks',
}

const draw = (rows: object[] = [alert], options: Partial<AlertsOptions> = {}) =>
  render(
    <AlertsPanel
      {...toPanelProps<AlertsOptions>({ series: [toFrameOfRows(rows as Record<string, unknown>[])] }, { ...defaultOptions, ...options })}
    />,
  )

beforeEach(startEditorSession)
afterEach(cleanup)

describe('silencing in the panel', () => {
  const open = async () => {
    fireEvent.keyDown(screen.getByText('Down').closest('button') as HTMLElement, { key: 's' })
    return screen.findByRole('dialog')
  }

  it('begins with the labels of the alert and says what it would have kept back', async () => {
    const calls = fakeBackend({ '/preview': { data: preview } })
    draw()
    const dialog = await open()
    await within(dialog).findByText(/It covers 2 active alerts: Down/)
    expect(dialog.textContent).toContain('Of 120 notifications in the past 7 days it would have kept back 14 and shortened 2.')
    expect(calls.map(({ url, data }) => [url, data])).toEqual([
      ['/proxy/read/api/v1/silences/preview', { matchers: ['alertname="Down"', 'host="web-1"'], days: 7 }],
    ])
  })

  it('looks again when a label is left out or made wider', async () => {
    const calls = fakeBackend({ '/preview': { data: preview } })
    draw()
    const dialog = await open()
    fireEvent.click(within(dialog).getByLabelText('Use alertname'))
    const host = within(dialog).getByLabelText('Matcher host')
    fireEvent.change(host, { target: { value: 'host=~"web-.*"' } })
    fireEvent.blur(host)
    await waitFor(() => expect(calls.at(-1)?.data).toEqual({ matchers: ['host=~"web-.*"'], days: 7 }))
    fireEvent.click(within(dialog).getByLabelText('Use host'))
    await within(dialog).findByText(/Choose at least one label/)
    expect(within(dialog).getByRole('button', { name: 'Silence' }).hasAttribute('disabled')).toBe(true)
  })

  it('needs a reason, and sends who, why and how long', async () => {
    const calls = fakeBackend({ '/preview': { data: preview }, '/silences': { data: silence } })
    draw()
    const dialog = await open()
    const confirm = within(dialog).getByRole('button', { name: 'Silence' })
    expect(confirm.hasAttribute('disabled')).toBe(true)
    fireEvent.change(within(dialog).getByLabelText(/Why/), { target: { value: 'new disks' } })
    fireEvent.click(confirm)
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(calls.at(-1)).toMatchObject({
      url: '/proxy/operate/api/v1/silences',
      data: { matchers: ['alertname="Down"', 'host="web-1"'], for: '2h', comment: 'new disks', createdBy: 'jane' },
    })
  })

  it('says why the collector refused and keeps what was written', async () => {
    const message = 'The silence is refused: it may last 30 days at most.'
    fakeBackend({
      '/preview': { data: preview },
      '/silences': { fails: { status: 400, data: { error: { code: 'VALIDATION_FAILED', message } } } },
    })
    draw()
    const dialog = await open()
    fireEvent.change(within(dialog).getByLabelText(/Why/), { target: { value: 'new disks' } })
    fireEvent.click(within(dialog).getByRole('button', { name: 'Silence' }))
    expect((await within(dialog).findByRole('alert')).textContent).toContain(message)
  })
})

describe('a silenced alert', () => {
  const silenced = { ...alert, status: 'suppressed', silencedBy: 's1' }

  it('says so in its row, and goes with the toggle', () => {
    fakeBackend({})
    draw([silenced])
    expect(screen.getByText('Silenced')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: /Suppressed/ }))
    expect(screen.queryByText('Silenced')).toBeNull()
    expect(screen.getByRole('button', { name: /Suppressed/ }).getAttribute('aria-pressed')).toBe('false')
  })

  it('tells in its details by whom, until when and why, and the silence ends after a confirmation', async () => {
    const calls = fakeBackend({ '/silences/s1': { data: silence } })
    draw([silenced])
    fireEvent.click(screen.getByText('Down'))
    await screen.findByText('new disks')
    expect(screen.getByText('bob')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'End silence' }))
    fireEvent.click(await screen.findByRole('button', { name: 'End it' }))
    await waitFor(() =>
      expect(calls.at(-1)).toMatchObject({ method: 'DELETE', url: '/proxy/operate/api/v1/silences/s1', params: { actor: 'jane' } }),
    )
  })
})

it('acts by letters on the row that has the focus, and leaves shortcuts of the browser alone', async () => {
  fakeBackend({ '/preview': { data: preview } })
  draw()
  const line = screen.getByText('Down').closest('button') as HTMLElement
  fireEvent.keyDown(line, { key: 'r', ctrlKey: true })
  expect(screen.queryByRole('dialog')).toBeNull()
  fireEvent.keyDown(line, { key: 'r' })
  expect((await screen.findByRole('dialog')).textContent).toContain('Resolve alert')
})

it('draws only what is in view of five thousand', () => {
  fakeBackend({})
  const many = Array.from({ length: 5000 }, (_none, index) => ({ ...alert, id: `a${index}`, rule: `Rule ${index}` }))
  draw(many)
  expect(screen.getAllByRole('listitem').length).toBeLessThan(60)
  fireEvent.change(screen.getByLabelText('Text'), { target: { value: 'rule 4999' } })
  expect(screen.getByText('Rule 4999')).toBeTruthy()
  expect(screen.getAllByRole('listitem')).toHaveLength(2)
})
