import { expect, it } from 'vitest'
import { createFakeDoors } from '../fakes/fake-doors.ts'
import { createHttp } from '../server.ts'

it('the audit log says who did what, for those who may know', async () => {
  const doors = createFakeDoors()
  doors.audit.record({ atMs: Date.UTC(2026, 0, 1), actor: 'jane', action: 'resolve', target: 'a1', detail: { comment: 'restarted' } })
  const { app } = createHttp(doors)
  expect(await (await app.request('/api/v1/admin/audit?actor=jane&from=24h')).json()).toEqual({
    entries: [{ at: '2026-01-01T00:00:00.000Z', actor: 'jane', action: 'resolve', target: 'a1', detail: { comment: 'restarted' } }],
    hasMore: false,
  })
  expect(await (await app.request('/api/v1/admin/audit?limit=0')).json()).toEqual({ entries: [], hasMore: true })
  expect((await app.request('/api/v1/admin/audit?who=jane')).status).toBe(400)
})
