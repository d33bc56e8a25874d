import { expect, test } from 'vitest'
import { createFakeClock } from '../../../lib/clock.ts'
import type { Notification, Notifier } from '../../../model/alert.ts'
import type { AuditEntry } from '../../../model/audit.ts'
import type { ChangeNews, ChangeStanding } from '../../../model/change-notice.ts'
import { createReceiverTest } from './receiver-test.ts'

/** A receiver that hears of changes as it says; `null`: of alerts only. */
function setup(wants: ((standing: ChangeStanding) => boolean) | null, answer = { ok: true as const, detail: '200' }) {
  const told: (Notification | ChangeNews)[] = []
  const audited: AuditEntry[] = []
  const take = async (one: Notification | ChangeNews) => {
    told.push(one)
    return answer
  }
  const notifier: Notifier = { send: take, ...(wants && { changes: { wants, send: take } }) }
  const tryOut = createReceiverTest({
    settings: () => ({ receivers: new Map([['chat', notifier]]) }),
    audit: { record: (entry) => void audited.push(entry), list: () => audited },
    clock: createFakeClock(),
    externalUrl: 'http://127.0.0.1:8484',
  })
  return { tryOut, told, audited }
}

test('a deployment that nobody made is told, marked TEST, and stands in the audit log', async () => {
  const { tryOut, told, audited } = setup(() => true)
  expect(await tryOut('chat', 'jane', { kind: 'deployment' })).toEqual({ ok: true, message: '200' })
  expect(told).toMatchObject([
    {
      ...{ test: true, moment: 'succeeded', receiver: 'chat', thread: null },
      change: { kind: 'deployment', service: 'TEST', environment: 'test', version: 'TEST', status: 'succeeded', actor: 'jane' },
    },
  ])
  expect((told[0] as ChangeNews).change.reason).toBe('TEST from Tidewatch, sent by jane. Nothing was changed.')
  expect(audited).toMatchObject([{ action: 'receiver.test', target: 'chat', detail: { ok: true, change: { kind: 'deployment' } } }])
})

test('a flag and a setting are told by a name', async () => {
  const { tryOut, told } = setup(({ change }) => change.kind !== 'deployment')
  await tryOut('chat', 'jane', { kind: 'flag', service: 'shop', environment: 'production' })
  await tryOut('chat', 'jane', { kind: 'configuration' })
  expect(told).toMatchObject([
    { change: { kind: 'flag', name: 'TEST', service: 'shop', environment: 'production' } },
    { change: { kind: 'configuration', name: 'TEST' } },
  ])
})

test('a receiver that hears only of what went wrong, or of what goes on, is told of that', async () => {
  for (const status of ['failed', 'running'] as const) {
    const { tryOut, told } = setup(({ change }) => change.status === status)
    await tryOut('chat', 'jane', { kind: 'deployment' })
    expect(told).toMatchObject([
      { moment: status, change: { status, finishedAt: status === 'running' ? null : '2026-01-01T00:00:00.000Z' } },
    ])
  }
})

test('a receiver that would not hear of it is not told, and the answer says what to do', async () => {
  const deaf = setup(null)
  await expect(deaf.tryOut('chat', 'jane', { kind: 'deployment' })).rejects.toMatchObject({
    ...{ code: 'CONFLICT', message: expect.stringContaining('receiver "chat" hears of alerts only; set deployments on it') },
  })
  const choosy = setup(({ change }) => change.service === 'shop')
  await expect(choosy.tryOut('chat', 'jane', { kind: 'flag' })).rejects.toMatchObject({
    ...{ code: 'CONFLICT', message: expect.stringContaining('receiver "chat" is not told of a flag of TEST in test') },
  })
  expect([...deaf.told, ...choosy.told]).toEqual([])
  expect(await choosy.tryOut('chat', 'jane', { kind: 'flag', service: 'shop' })).toEqual({ ok: true, message: '200' })
})

test('a refusal of the receiver is the answer', async () => {
  const { tryOut, audited } = setup(() => true, { ok: false, retryable: false, message: 'answered 404' } as never)
  expect(await tryOut('chat', 'jane', { kind: 'deployment' })).toEqual({ ok: false, message: 'answered 404' })
  expect(audited).toMatchObject([{ detail: { ok: false, message: 'answered 404' } }])
})
