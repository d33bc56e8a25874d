import { config } from '@grafana/runtime'
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { Observable, Subject } from 'rxjs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startEditorSession } from '../../../../test/editor-session.ts'
import { type Answer, fakeBackend } from '../../../../test/fake-backend.ts'
import { toPanelProps } from '../../../../test/panel-props.ts'
import { AlertsPanel } from '../AlertsPanel.tsx'
import { type AlertsOptions, defaultOptions } from '../options.ts'

const alert = { id: 'a', rule: 'Slow', severity: 'high', labels: { host: 'web-1' }, annotations: { summary: 'it crawls' } }
const report = {
  ...{ from: '2026-01-01T00:00:00Z', to: '2026-01-01T01:00:00Z', samples: 713, coarse: [], shortHistory: [], failures: [] },
  messages: [
    {
      at: '2026-01-01T00:10:00Z',
      receiver: 'ops',
      groupKey: 'g',
      status: 'firing',
      reason: 'first notification',
      groupLabels: {},
      alerts: [alert],
    },
  ],
  alerts: [{ ...alert, summary: 'it crawls', startsAt: '2026-01-01T00:10:00Z', endsAt: null, messages: 1, suppressedBy: [] }],
  rules: [{ rule: 'Slow', alerts: 1, messages: 1, firingMs: 60_000 }],
  receivers: [{ receiver: 'ops', firing: 1, resolved: 0 }],
}
const columns = ['id', 'rule', 'state', 'labels', 'summary', 'startsAt', 'acknowledgedBy']
const real = ['r', 'Down', 'resolved', '{"host":"db-1"}', 'the database is gone', Date.parse('2026-01-01T00:30:00Z'), 'jane']
const past = {
  results: { A: { frames: [{ name: 'alerts', labels: {}, fields: columns.map((name, at) => ({ name, values: [real[at]] })) }] } },
}

const backend = (replay: Answer) =>
  fakeBackend({
    '/rules/replay': (request) => (request.method === 'GET' ? { data: { underWay: true, done: 0.42 } } : replay),
    '/query': { data: past },
  })
const open = () => {
  render(<AlertsPanel {...toPanelProps<AlertsOptions>({}, { ...defaultOptions, showReplay: true })} />)
  fireEvent.click(screen.getByRole('button', { name: 'Replay' }))
}
const start = () => fireEvent.click(screen.getByRole('button', { name: 'Replay' }))

beforeEach(startEditorSession)
afterEach(() => {
  vi.useRealTimers()
  cleanup()
})

describe('a replay in the panel', () => {
  it('shows what would have been sent, to whom and why, and what would have been missed', async () => {
    const calls = backend({ data: report })
    open()
    start()
    const messages = await screen.findByRole('region', { name: 'Messages' })
    expect(within(messages).getByText('to ops')).toBeTruthy()
    expect(within(messages).getByText('first notification')).toBeTruthy()
    expect(screen.getByText('1 message to 1 receiver about 1 alert (713 stored samples read).')).toBeTruthy()
    await screen.findByRole('region', {
      name: 'Real incidents that would have been missed: 1 of 1 that somebody acknowledged or called useful',
    })
    const [asked] = calls.filter(({ method, url }) => method === 'POST' && url.endsWith('/replay'))
    expect(asked?.url).toBe('/proxy/operate/api/v1/rules/replay')
    expect(Object.keys(asked?.data)).toEqual(['from', 'to', 'silences'])
  })

  it('takes other rules as text', async () => {
    const calls = backend({ data: { ...report, messages: [] } })
    open()
    fireEvent.click(screen.getByLabelText('Other rules'))
    expect((screen.getByRole('button', { name: 'Replay' }) as HTMLButtonElement).disabled).toBe(true)
    fireEvent.change(screen.getByLabelText(/Rules as YAML/), { target: { value: 'name: Slow' } })
    start()
    await screen.findByText(/Nobody would have been told of anything/)
    expect(calls.find(({ method, url }) => method === 'POST' && url.endsWith('/replay'))?.data).toMatchObject({ yaml: 'name: Slow' })
  })

  it('ends the request when it is cancelled, and when the panel goes', async () => {
    let ended = 0
    const stream = new Observable(() => () => {
      ended += 1
    })
    backend({ stream })
    open()
    start()
    expect(screen.getByRole('progressbar')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'Cancel' }))
    expect(ended).toBe(1)
    expect(screen.getByText('Nothing replayed yet')).toBeTruthy()
    start()
    cleanup()
    expect(ended).toBe(2)
  })

  it('says why it failed, and leads back to the alerts', async () => {
    backend({ fails: { status: 429, data: { error: { code: 'TOO_MANY_REQUESTS', message: 'A replay is under way since 03:00.' } } } })
    open()
    start()
    await screen.findByText('A replay is under way since 03:00.')
    fireEvent.click(screen.getByRole('button', { name: 'Back to the alerts' }))
    expect(screen.getByText('No alerts')).toBeTruthy()
  })

  it('says what to do when Grafana does not wait for its end', async () => {
    backend({ fails: { status: 504, data: '' } })
    open()
    start()
    await screen.findByText(/Grafana gave up before the replay ended.* Choose a shorter time range, .*: tidewatch rules replay/)
  })

  it('says the same when Grafana loses it under way, and not when the collector was never reached', async () => {
    backend({ fails: { status: 502, data: '' } })
    open()
    start()
    await screen.findByText(/Grafana cannot reach the collector/)
    cleanup()
    const answer = new Subject()
    backend({ stream: answer })
    open()
    vi.useFakeTimers()
    start()
    await act(() => vi.advanceTimersByTimeAsync(1000))
    expect(screen.getByRole<HTMLProgressElement>('progressbar').value).toBe(0.42)
    act(() => answer.error({ status: 502, data: '' }))
    expect(screen.getByText(/Grafana gave up before the replay ended/)).toBeTruthy()
  })

  it("keeps the collector's own words of what took too long", async () => {
    backend({ fails: { status: 504, data: { error: { code: 'QUERY_TIMEOUT', message: 'The store took too long.' } } } })
    open()
    start()
    await screen.findByText('The store took too long.')
  })

  it('tells viewers that they may not', () => {
    config.bootData = { user: { login: 'joe', orgRole: 'Viewer' } } as never
    open()
    expect((screen.getByRole('button', { name: 'Replay' }) as HTMLButtonElement).disabled).toBe(true)
    expect(screen.getByText('A replay needs the role Editor.')).toBeTruthy()
  })
})
