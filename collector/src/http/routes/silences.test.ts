import { describe, expect, it } from 'vitest'
import type { SilencesResponse, SilenceView } from '../../contract/silences.ts'
import { createFakeDoors, readJson } from '../fakes/fake-doors.ts'
import { createHttp } from '../server.ts'

function setup() {
  const doors = createFakeDoors()
  const { app } = createHttp(doors)
  return {
    doors,
    get: async (path: string) => app.request(path),
    send: async (method: string, path: string, body?: object) => app.request(path, { method, ...(body && { body: JSON.stringify(body) }) }),
  }
}

const wish = { matchers: ['service="checkout"', 'host=~"web-.*"'], for: '2h', createdBy: 'jane', comment: 'planned' }
const messageOf = async (answer: Response) => (await readJson<{ error: { message: string } }>(answer)).error.message

describe('silences', () => {
  it('are made, listed by state, told one by one, and ended', async () => {
    const { get, send } = setup()
    const made = await send('POST', '/api/v1/silences', wish)
    expect([made.status, await made.json()]).toMatchObject([
      200,
      { id: 's1', state: 'active', matchers: wish.matchers, endsAt: '2026-01-01T02:00:00.000Z', createdBy: 'jane' },
    ])
    expect((await readJson<SilencesResponse>(get('/api/v1/silences?state=active'))).silences).toHaveLength(1)
    expect((await readJson<SilencesResponse>(get('/api/v1/silences?state=pending'))).silences).toEqual([])
    expect((await readJson<SilenceView>(get('/api/v1/silences/s1'))).comment).toBe('planned')
    expect(await readJson<SilenceView>(send('DELETE', '/api/v1/silences/s1'))).toMatchObject({ id: 's1', state: 'expired' })
    expect((await get('/api/v1/silences/s9')).status).toBe(404)
  })

  it('need an owner, a reason, matchers that can be read and one end', async () => {
    const { send } = setup()
    for (const part of ['createdBy', 'comment', 'matchers'] as const) {
      const answer = await send('POST', '/api/v1/silences', { ...wish, [part]: undefined })
      expect([answer.status, await messageOf(answer)]).toEqual([400, expect.stringContaining(part)])
    }
    expect(await messageOf(await send('POST', '/api/v1/silences', { ...wish, matchers: ['checkout'] }))).toContain('is not a matcher')
    expect(await messageOf(await send('POST', '/api/v1/silences', { ...wish, for: undefined }))).toContain('exactly one')
    expect(await messageOf(await send('POST', '/api/v1/silences', { ...wish, endsAt: '2026-01-02T00:00:00Z' }))).toContain('exactly one')
  })

  it('that last as long as a deployment are refused when it has finished', async () => {
    const { send } = setup()
    const answer = await send('POST', '/api/v1/silences', { ...wish, untilDeployment: 'd1' })
    expect([answer.status, await messageOf(answer)]).toEqual([409, expect.stringContaining('has finished already')])
  })

  it('are previewed', async () => {
    const { send } = setup()
    const answer = await send('POST', '/api/v1/silences/preview', { matchers: wish.matchers, days: 3 })
    expect(await answer.json()).toMatchObject({ days: 3, notificationsSuppressed: 0, alerts: [] })
  })
})
