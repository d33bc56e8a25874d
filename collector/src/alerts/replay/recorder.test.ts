import { describe, expect, test } from 'vitest'
import type { Alert, Notification } from '../../model/alert.ts'
import { createRecorder } from './recorder.ts'

const signal = new AbortController().signal
const alert = (changes: Partial<Alert>) => ({ id: 'a1', startsAt: '2026-01-05T10:00:00.000Z', ...changes }) as Alert

function setUp() {
  const recorder = createRecorder(() => Date.UTC(2026, 0, 5, 11))
  return {
    recorder,
    send: (alerts: readonly Alert[]) =>
      recorder.receiver.send({ receiver: 'ops', status: 'firing', reason: 'new', alerts } as unknown as Notification, signal),
    goes: (...states: Alert['state'][]) => {
      for (const state of states) recorder.onEvent({ type: 'alert', alert: alert({ state }) })
    },
  }
}

test('a message is kept with the time at which it would have gone out', async () => {
  const { recorder, send } = setUp()
  await send([alert({})])
  expect(recorder.messages()).toMatchObject([{ at: '2026-01-05T11:00:00.000Z', receiver: 'ops', alerts: [{ id: 'a1' }] }])
})

describe('a replay of more than anybody reads is refused, and never told in part', () => {
  const refused = (recorder: ReturnType<typeof createRecorder>, what: string) => {
    expect(() => recorder.check()).toThrow(what)
    expect(() => recorder.messages()).toThrow(what)
  }

  test('for its messages', async () => {
    const { recorder, send } = setUp()
    for (let count = 0; count < 20_000; count++) await send([])
    expect(recorder.messages()).toHaveLength(20_000)
    await send([])
    refused(recorder, 'More than 20000 messages would have been sent. Replay less time, or fewer rules.')
  })

  test('for the alerts in them', async () => {
    const { recorder, send } = setUp()
    const thousand = Array.from({ length: 1000 }, () => alert({}))
    for (let count = 0; count < 200; count++) await send(thousand)
    expect(recorder.messages()).toHaveLength(200)
    await send([alert({})])
    refused(recorder, 'More than 200000 alerts would have stood in the messages')
  })

  test('for the times that alerts fired and ended, of which those that were only pending are none', () => {
    const { recorder, goes } = setUp()
    for (let count = 0; count < 50_000; count++) goes('pending', 'firing', 'no_data', 'resolved')
    for (let count = 0; count < 50_000; count++) goes('pending', 'resolved')
    expect(recorder.messages()).toEqual([])
    goes('firing', 'resolved')
    refused(recorder, 'More than 50000 times an alert would have fired and ended')
  })
})

test('what kept an episode from receivers is told once, and of that episode only', () => {
  const { recorder } = setUp()
  const kept = alert({ state: 'firing', silencedBy: ['s1'], mutedBy: ['lunch'] })
  for (const one of [kept, kept, alert({ state: 'firing', inhibitedBy: ['b2'] })]) recorder.onEvent({ type: 'alert', alert: one })
  expect(recorder.suppressedBy(alert({}))).toEqual(['silence s1', 'muted by lunch', 'inhibited by b2'])
  expect(recorder.suppressedBy(alert({ startsAt: '2026-01-05T12:00:00.000Z' }))).toEqual([])
})
