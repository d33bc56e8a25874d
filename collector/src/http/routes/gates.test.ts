import { describe, expect, it } from 'vitest'
import { hashToken } from '../../lib/token-hash.ts'
import type { HttpOptions } from '../deps.ts'
import { createFakeDoors, type FakeDoors, readJson } from '../fakes/fake-doors.ts'
import { aGateResult } from '../fakes/fake-gates.ts'
import { createHttp } from '../server.ts'

function setup(options: Partial<HttpOptions> = {}) {
  const doors: FakeDoors = createFakeDoors(options)
  const { app } = createHttp(doors)
  const ask = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
    app.request(`/api/v1/gates${path}`, { ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }), headers })
  return { doors, ask }
}

const order = { labels: {}, failOpen: false, actor: 'local' }

describe('gates', () => {
  it('are listed with the rules they stand for', async () => {
    const { gates } = await readJson<{ gates: unknown }>(setup().ask(''))
    expect(gates).toEqual([{ name: 'production', rules: ['Errors'], matchers: [], labels: {}, ...aGateResult.policies }])
  })

  it('are checked by name, for a service and an environment, and answer 200 whatever the verdict', async () => {
    const { doors, ask } = setup()
    const answer = await ask('/production/check', { service: 'shop', environment: 'production', labels: { zone: 'eu' }, deployment: 'd1' })
    expect([answer.status, await answer.json()]).toEqual([200, aGateResult])
    const labels = { service: 'shop', environment: 'production', zone: 'eu' }
    expect(doors.acts).toEqual([{ check: { ...order, gate: 'production', labels, deploymentId: 'd1' } }, { wait: 'g1', forMs: 10_000 }])
  })

  it('are made of rules that the caller names', async () => {
    const { doors, ask } = setup()
    const body = { rules: ['Errors', { rule: 'Slow', dryRun: true }], matchers: ['team="shop"'], watch: '5m', onInconclusive: 'pass' }
    await ask('/check', { ...body, onMuted: 'fail', dryRun: true, failOpen: true, actor: 'jane' })
    const rules = [
      { rule: 'Errors', dryRun: false },
      { rule: 'Slow', dryRun: true },
    ]
    const policies = { watchMs: 300_000, onInconclusive: 'pass', onMuted: 'fail', dryRun: true }
    expect(doors.acts[0]).toEqual({ check: { ...policies, labels: {}, failOpen: true, actor: 'jane', rules }, matchers: ['team="shop"'] })
  })

  it('refuse what they do not know', async () => {
    const { ask, doors } = setup()
    for (const body of [{ watch: '3h' }, { onMuted: 'hide' }, { sevice: 'shop' }])
      expect((await ask('/production/check', body)).status).toBe(400)
    expect((await ask('/check', { matchers: ['severity'] })).status).toBe(400)
    expect(doors.acts).toEqual([])
  })

  it('keep their results, which are asked for by id until they are done', async () => {
    const { ask, doors } = setup()
    expect(await readJson(ask('/results?gate=production&verdict=fail,error&service=shop&deployment=d1&limit=5'))).toEqual({
      ...{ results: [aGateResult], total: 1 },
    })
    expect((await ask('/results/g1?wait=20s')).status).toBe(200)
    expect((await ask('/results/g1?wait=31s')).status).toBe(400)
    expect((await ask('/results/other')).status).toBe(404)
    expect(doors.acts.slice(0, 2)).toEqual([
      { results: { gate: 'production', verdict: ['fail', 'error'], service: 'shop', deploymentId: 'd1', limit: 5, offset: 0 } },
      { wait: 'g1', forMs: 20_000 },
    ])
  })

  it('are overridden by somebody for a reason', async () => {
    const { ask, doors } = setup()
    const answer = await ask('/results/g1/override', { actor: 'joe', reason: 'the fix is in it' })
    expect(await readJson(answer)).toMatchObject({ verdict: 'fail', answer: 'pass', override: { actor: 'joe' } })
    expect((await ask('/results/g1/override', { actor: 'joe', reason: ' ' })).status).toBe(400)
    expect(doors.acts).toEqual([{ override: 'g1', actor: 'joe', reason: 'the fix is in it' }])
  })

  it('need the scope operate to be checked, and read to be seen', async () => {
    const hash = hashToken('a-token-of-sixteen-letters')
    const { ask, doors } = setup({ tokens: [{ name: 'viewer', scopes: ['read'], hash }] })
    const bearer = { authorization: 'Bearer a-token-of-sixteen-letters' }
    expect((await ask('', undefined, bearer)).status).toBe(200)
    expect((await ask('/production/check', {}, bearer)).status).toBe(403)
    expect((await ask('/check', {})).status).toBe(401)
    expect((await ask('/results/g1/override', { actor: 'a', reason: 'b' }, bearer)).status).toBe(403)
    expect(doors.acts).toEqual([])
  })
})
