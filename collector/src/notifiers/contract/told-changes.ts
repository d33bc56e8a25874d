import { expect, test } from 'vitest'
import type { Notifier, SendResult } from '../../model/alert.ts'
import type { ChangeNews } from '../../model/change-notice.ts'
import type { NotifierCase, Stage } from './stage.ts'

/** A notifier that tells of changes does so by the rules of its alerts. */
export function testChanges(
  { receiver, clock, create, answer }: Stage,
  { accepted, wrongBody, patienceMs }: NotifierCase,
  news: ChangeNews,
): void {
  const ended: ChangeNews = { ...news, change: { ...news.change, status: 'failed', finishedAt: news.at }, moment: 'failed' }
  const send = (): Promise<SendResult> => {
    const { changes } = create(receiver().url) as Required<Notifier>
    return changes.send(ended, new AbortController().signal)
  }

  test('tells of a deployment that ended', async () => {
    answer(accepted.status, accepted.body)
    expect(create(receiver().url).changes?.wants(ended)).toBe(true)
    expect(await send()).toMatchObject({ ok: true })
    expect(receiver().received).toHaveLength(1)
    expect(receiver().received[0]?.body).toContain('1.4.2')
  })

  test('says TEST where a test of deployments is sent', async () => {
    answer(accepted.status, accepted.body)
    const { changes } = create(receiver().url) as Required<Notifier>
    expect(await changes.send({ ...ended, test: true }, new AbortController().signal)).toMatchObject({ ok: true })
    expect(await send()).toMatchObject({ ok: true })
    const [tested, told] = receiver().received.map(({ body }) => decodeURIComponent(body))
    expect([tested, told]).toEqual([expect.stringMatching(/TEST|"test":true/), expect.not.stringMatching(/TEST|"test":true/)])
  })

  test('honours Retry-After and tries again after errors when it tells of deployments, and gives up what is refused', async () => {
    answer(429, '', { 'retry-after': '7' })
    expect(await send()).toMatchObject({ ok: false, retryable: true, retryAfterMs: 7000 })
    answer(500, 'out of order')
    expect(await send()).toMatchObject({ ok: false, retryable: true })
    answer(404, 'no_service')
    expect(await send()).toMatchObject({ ok: false, retryable: false })
    if (!wrongBody) return
    answer(wrongBody.status, wrongBody.body)
    expect(await send()).toMatchObject({ ok: false })
  })

  test('waits neither for ever nor in vain when it tells of deployments', async () => {
    receiver().answer = (response) => void response.socket?.resetAndDestroy()
    expect(await send()).toMatchObject({ ok: false, retryable: true })
    const asked = new Promise<void>((resolve) => {
      receiver().answer = () => resolve()
    })
    const result = send()
    await asked
    await clock().advance(patienceMs)
    expect(await result).toMatchObject({ ok: false, retryable: true })
  })

  test('takes on a deployment with long texts', async () => {
    answer(accepted.status, accepted.body)
    const long = 'is high 😀 & <low> '.repeat(2000)
    const steps = Array.from({ length: 200 }, (_, index) => ({
      ...({ name: `step-${index}`, status: 'failed', message: long, startedAt: news.at, finishedAt: news.at } as const),
    }))
    const change = { ...ended.change, reason: long, service: long, version: long, actor: long, steps }
    const { changes } = create(receiver().url) as Required<Notifier>
    expect(await changes.send({ ...ended, change, rollback: long }, new AbortController().signal)).toMatchObject({ ok: true })
  })
}
