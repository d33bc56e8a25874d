import { expect, it } from 'vitest'
import type { ReplayOrder } from '../../contract/replay.ts'
import { createFakeDoors, readJson } from '../fakes/fake-doors.ts'
import { createHttp } from '../server.ts'

const path = '/api/v1/rules/replay'

function setup() {
  const doors = createFakeDoors()
  const { app } = createHttp(doors)
  return {
    doors,
    get: async () => app.request(path),
    post: async (body: object) => app.request(path, { method: 'POST', body: JSON.stringify(body) }),
  }
}

it('takes times as text or milliseconds, and what is left out from the present', async () => {
  const { doors, post } = setup()
  const orders: ReplayOrder[] = []
  const report = doors.replayed
  doors.replayed = (order, call) => {
    orders.push(order)
    return report(order, call)
  }
  const answer = await post({ from: '2025-12-31T00:00:00Z', config: { rules: [] } })
  expect([answer.status, await answer.json()]).toMatchObject([200, { from: '2025-12-31T00:00:00.000Z', to: '2026-01-01T00:00:00.000Z' }])
  await post({ from: 1000, to: 2000, silences: false, movers: true })
  expect(orders).toEqual([
    { from: Date.UTC(2025, 11, 31), to: Date.UTC(2026, 0, 1), config: { rules: [] }, silences: true, movers: false },
    { from: 1000, to: 2000, config: {}, silences: false, movers: true },
  ])
  await post({ from: 1000, to: 2000, yaml: 'name: Slow' })
  expect(orders[2]).toMatchObject({ yaml: 'name: Slow' })
  expect((await post({ from: 1000, yaml: 'name: Slow', config: { rules: [] } })).status).toBe(400)
  expect((await post({ from: 2000, to: 1000 })).status).toBe(400)
  expect((await post({})).status).toBe(400)
})

it('runs one at a time, and says how far it is', async () => {
  const { doors, get, post } = setup()
  const report = doors.replayed
  let finish = () => {}
  doors.replayed = async (order, call) => {
    call.onProgress(0.42)
    await new Promise<void>((resolve) => {
      finish = resolve
    })
    return report(order, call)
  }
  const first = post({ from: 0 })
  await new Promise((resolve) => setImmediate(resolve))
  expect(await readJson(get())).toEqual({ underWay: true, startedAt: '2026-01-01T00:00:00.000Z', done: 0.42 })
  const second = await post({ from: 0 })
  expect([second.status, (await readJson<{ error: { message: string } }>(second)).error.message]).toEqual([
    429,
    expect.stringContaining('42 % done'),
  ])
  finish()
  expect((await first).status).toBe(200)
  expect(await readJson(get())).toEqual({ underWay: false, startedAt: null, done: null })
})
