import { describe, expect, it } from 'vitest'
import { hashToken } from '../../lib/token-hash.ts'
import { createFakeDoors, readJson, smallLimits } from '../fakes/fake-doors.ts'
import { createHttp } from '../server.ts'

function setup(doors = createFakeDoors()) {
  const { app } = createHttp(doors)
  const post = async (query: string, body: string, headers: Record<string, string> = {}) =>
    app.request(`/api/v3/write_lp?${query}`, { method: 'POST', body, headers })
  return { doors, post }
}

const unparsed = { line: 2, reason: "unable to parse 'bad': missing fields" }

describe('POST /api/v3/write_lp', () => {
  it('answers a good batch with 204 and tells the unit of times by their size', async () => {
    const { doors, post } = setup()
    const answer = await post('db=any&no_sync=true', 'cpu v=1 1795231147')
    expect([answer.status, await answer.text()]).toEqual([204, ''])
    expect(doors.written).toEqual([{ text: 'cpu v=1 1795231147', precision: 'auto' }])
  })

  it('knows the precisions by their long and short names and refuses others', async () => {
    const { doors, post } = setup()
    for (const precision of ['nanosecond', 'microsecond', 'millisecond', 'second', 'ms']) await post(`db=a&precision=${precision}`, 'a v=1')
    expect(doors.written.map(({ precision }) => precision)).toEqual(['ns', 'us', 'ms', 's', 'ms'])
    for (const query of ['db=a&precision=week', 'db=a&precision=constructor', 'precision=auto', 'db=a&accept_partial=maybe']) {
      const answer = await post(query, 'a v=1')
      expect(answer.status, query).toBe(400)
      expect(await readJson<{ error: string }>(answer), query).toEqual({ error: expect.any(String) })
    }
  })

  it('names each refused line with its text, and keeps the others', async () => {
    const { doors, post } = setup()
    doors.nextIngest = { accepted: 1, rejected: [unparsed, { line: 3, reason: 'field type conflict' }] }
    const answer = await post('db=a', 'cpu v=1\nbad\r\ncpu v="s"')
    expect(answer.status).toBe(400)
    expect(await answer.json()).toEqual({
      error: 'partial write of line protocol occurred',
      data: [
        { original_line: 'bad', line_number: 2, error_message: 'missing fields' },
        { original_line: 'cpu v="s"', line_number: 3, error_message: 'field type conflict' },
      ],
    })
    expect(answer.headers.get('x-tidewatch-rejected-lines')).toBe('2,3')
  })

  it('names the first line alone when the whole batch was to be kept out', async () => {
    const { doors, post } = setup()
    doors.nextIngest = { accepted: 0, rejected: [unparsed] }
    const answer = await post('db=a&accept_partial=false', 'cpu v=1\nbad')
    expect(answer.status).toBe(400)
    expect(await answer.json()).toEqual({
      error: 'parsing failed for write_lp endpoint',
      data: { original_line: 'bad', line_number: 2, error_message: 'missing fields' },
    })
  })

  it('says nothing to those it does not let in', async () => {
    const { post } = setup(createFakeDoors({ tokens: [{ name: 'a', scopes: ['read'], hash: hashToken('s') }] }))
    const missing = await post('db=a', 'cpu v=1')
    expect([missing.status, await missing.text()]).toEqual([401, ''])
    const forbidden = await post('db=a', 'cpu v=1', { authorization: 'Bearer s' })
    expect([forbidden.status, await forbidden.text()]).toEqual([403, ''])
  })

  it('refuses a body over the limit in its own form', async () => {
    const { post } = setup()
    const answer = await post('db=a', 'x'.repeat(smallLimits.ingestBodyBytesMax + 1))
    expect([answer.status, Object.keys(await readJson<object>(answer))]).toEqual([413, ['error']])
  })
})
