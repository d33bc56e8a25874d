import { expect, it } from 'vitest'
import { createIdempotency } from '../../ingest/idempotency.ts'
import { silentLog } from '../../lib/log.ts'
import { hashToken } from '../../lib/token-hash.ts'
import { createIdempotencyRecords } from '../../state/idempotency-records.ts'
import { openState } from '../../state/state.ts'
import { createFakeDoors, readJson } from '../fakes/fake-doors.ts'
import { createHttp } from '../server.ts'

const order = { measurement: 'orders', fields: { revenue: 49.9 } }
const tokens = ['shop', 'till'].map((name) => ({ name, scopes: ['write' as const], hash: hashToken(name) }))

function setup() {
  const doors = createFakeDoors({ tokens })
  const records = createIdempotencyRecords(openState({ path: ':memory:', log: silentLog }).db)
  const idempotency = createIdempotency({ records, clock: doors.clock, limits: { idempotencyKeepMs: 1e6, idempotencyKeysMax: 10 } })
  const { app } = createHttp({ ...doors, idempotency })
  const push = async (body: object, headers: Record<string, string> = {}) =>
    app.request('/api/v1/push', { method: 'POST', body: JSON.stringify(body), headers: { authorization: 'Bearer shop', ...headers } })
  return { doors, push }
}

it('takes a request with a key once, from the header or the body, and answers the same again', async () => {
  const { doors, push } = setup()
  const body = { points: [order] }
  const first = await push(body, { 'idempotency-key': '"8e03978e"' })
  expect([first.status, first.headers.get('idempotency-replayed'), await first.text()]).toEqual([200, null, '{"accepted":1,"rejected":[]}'])
  const again = await push(body, { 'idempotency-key': '8e03978e' })
  expect([again.status, again.headers.get('idempotency-replayed'), await again.text()]).toEqual([
    200,
    'true',
    '{"accepted":1,"rejected":[]}',
  ])
  await push({ ...body, idempotencyKey: 'in-body' })
  await push({ ...body, idempotencyKey: 'in-body' }, { 'idempotency-key': 'in-body' })
  expect(doors.points).toHaveLength(2)
})

it('gives points without a time that of the first attempt, and leaves other times alone', async () => {
  const { doors, push } = setup()
  await push({ points: [order, { ...order, time: 5 }], idempotencyKey: 'k' })
  expect(doors.points.map(({ timeNs }) => timeNs)).toEqual([BigInt(doors.clock.now()) * 1_000_000n, 5_000_000n])
  await push({ points: [order] })
  expect(doors.points[2]?.timeNs).toBeUndefined()
})

it('refuses a key with another body, but keeps the keys of tokens apart', async () => {
  const { doors, push } = setup()
  const key = { 'idempotency-key': 'k' }
  await push({ points: [order] }, key)
  const refused = await push({ points: [order, order] }, key)
  expect(refused.status).toBe(422)
  expect((await readJson<{ error: { code: string } }>(refused)).error.code).toBe('IDEMPOTENCY_KEY_REUSED')
  expect((await push({ points: [order, order] }, { ...key, authorization: 'Bearer till' })).status).toBe(200)
  expect(doors.points).toHaveLength(3)
})

it('refuses a key that is none', async () => {
  const { push } = setup()
  for (const key of ['', '""', 'two words', 'x'.repeat(256)])
    expect((await push({ points: [order] }, { 'idempotency-key': key })).status).toBe(400)
  const differs = await push({ points: [order], idempotencyKey: 'a' }, { 'idempotency-key': 'b' })
  expect((await readJson<{ error: { message: string } }>(differs)).error.message).toContain('differs between header and body')
})
