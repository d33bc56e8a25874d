import { expect, test } from 'vitest'
import type { NotifierCase, Stage } from './stage.ts'

/** Connections that break, and answers that do not come to an end. */
export function testBroken({ receiver, clock, send }: Stage, { accepted, patienceMs }: NotifierCase): void {
  test('will try again when the connection is reset before an answer', async () => {
    receiver().answer = (response) => void response.socket?.resetAndDestroy()
    expect(await send()).toMatchObject({ ok: false, retryable: true, message: expect.stringMatching(/ECONNRESET|other side closed/) })
  })

  test('will try again when the answer breaks off', async () => {
    receiver().answer = (response) => {
      response.writeHead(accepted.status, { 'content-length': '1000' })
      response.write(accepted.body || '{', () => response.socket?.resetAndDestroy())
    }
    expect(await send()).toMatchObject({ ok: false, retryable: true })
  })

  test('does not wait for ever for the rest of an answer', async () => {
    const begun = new Promise<void>((resolve) => {
      receiver().answer = (response) => {
        response.writeHead(accepted.status, { 'content-length': '1000' })
        response.write(accepted.body || '{', () => resolve())
      }
    })
    const result = send()
    await begun
    await clock().advance(patienceMs)
    expect(await result).toMatchObject({ ok: false, retryable: true })
  })

  test('reads no more of an endless answer than it needs', async () => {
    receiver().answer = (response) => {
      response.writeHead(500)
      const more = () => void response.write('x'.repeat(16_384), (failed) => failed ?? more())
      more()
    }
    expect(await send()).toMatchObject({ ok: false, retryable: true, message: expect.stringMatching(/^.{0,700}$/) })
  })
}
