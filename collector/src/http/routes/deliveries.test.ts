import { expect, it } from 'vitest'
import { createFakeDoors } from '../fakes/fake-doors.ts'
import { createHttp } from '../server.ts'

it('the delivery log is told with its filters', async () => {
  const { app } = createHttp(createFakeDoors())
  const answer = await app.request('/api/v1/deliveries?receiver=ops&outcome=sent&alert=a1&from=6h')
  expect(await answer.json()).toMatchObject({
    deliveries: [{ at: '2026-01-01T00:00:00.000Z', receiver: 'ops', alertIds: ['a1'] }],
    total: 1,
  })
  expect(await (await app.request('/api/v1/deliveries?receiver=nobody')).json()).toMatchObject({ deliveries: [] })
  expect((await app.request('/api/v1/deliveries?outcome=lost')).status).toBe(400)
})
