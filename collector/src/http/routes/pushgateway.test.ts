import { describe, expect, it } from 'vitest'
import { createPushGroups } from '../../ingest/exposition/push-groups.ts'
import { hashToken } from '../../lib/token-hash.ts'
import type { SeriesName } from '../../model/point.ts'
import { createFakeDoors } from '../fakes/fake-doors.ts'
import { createHttp } from '../server.ts'

function setup(given = {}) {
  const doors = createFakeDoors(given)
  const ended: string[] = []
  const end = (series: readonly SeriesName[]) =>
    void ended.push(...series.map(({ measurement, tags }) => `${measurement} ${tags.a ?? '-'}`))
  const { app } = createHttp({ ...doors, pushGroups: createPushGroups({ ingest: doors.ingest, end, clock: doors.clock, groupsMax: 2 }) })
  const send = (method: string, path: string, body?: string, headers = {}) =>
    app.request(path, { method, headers, ...(body !== undefined && { body: Buffer.from(body) as unknown as string }) })
  const stored = () => doors.points.splice(0).map(({ measurement, tags, fields }) => [measurement, tags, fields])
  return { doors, send, stored, ended }
}

const nowSeconds = Date.UTC(2026, 0, 1) / 1000

describe('a push', () => {
  it('is stored with the labels of its path, and the time it came', async () => {
    const { send, stored, doors } = setup()
    const answer = await send('PUT', '/metrics/job/mail/instance/a%2Fb', '# TYPE sent counter\nsent{job="x",kind="k"} 3\n')
    expect([answer.status, await answer.text()]).toEqual([200, ''])
    expect(new Set(doors.points.map(({ timeNs }) => timeNs))).toEqual(new Set([BigInt(nowSeconds) * 1_000_000_000n]))
    const labels = { job: 'mail', instance: 'a/b' }
    expect(stored()).toEqual([
      ['sent', { ...labels, kind: 'k' }, { value: 3 }],
      ['push_time_seconds', labels, { value: nowSeconds }],
    ])
  })

  it.each([
    ['/metrics/job@base64/bWFpbA/path@base64/L3Zhci90bXA', { job: 'mail', path: '/var/tmp' }],
    ['/metrics/job/mail/path@base64/L3Zhci90bXA=', { job: 'mail', path: '/var/tmp' }],
    ['/metrics/job/mail/empty@base64/=', { job: 'mail', empty: '' }],
    ['/metrics/job/m%20%C3%A9', { job: 'm é' }],
  ])('has the labels of %s', async (path, labels) => {
    const { send, stored } = setup()
    expect((await send('POST', path, 'a 1\n')).status).toBe(200)
    expect(stored()[0]).toEqual(['a', labels, { value: 1 }])
  })

  it('may be OpenMetrics', async () => {
    const { send, stored } = setup()
    const page = '# TYPE a counter\na_total 1\n# EOF\n'
    expect((await send('POST', '/metrics/job/j', page, { 'content-type': 'application/openmetrics-text; version=1.0.0' })).status).toBe(200)
    expect(stored()[0]?.[0]).toBe('a_total')
  })
})

describe('a group', () => {
  it('is replaced by PUT: what is not pushed again has ended', async () => {
    const { send, ended } = setup()
    await send('PUT', '/metrics/job/j', 'x{a="1"} 1\nx{a="2"} 1\ny 1\n')
    await send('PUT', '/metrics/job/j', 'x{a="2"} 2\n')
    expect(ended).toEqual(['x 1', 'y -'])
  })

  it('keeps its other metrics with POST', async () => {
    const { send, ended } = setup()
    await send('PUT', '/metrics/job/j', 'x{a="1"} 1\nx{a="2"} 1\ny 1\n')
    await send('POST', '/metrics/job/j', 'x{a="2"} 2\n')
    expect(ended).toEqual(['x 1'])
    await send('PUT', '/metrics/job/j', 'z 1\n')
    expect(ended.slice(1)).toEqual(['x 2', 'y -'])
  })

  it('ends with DELETE, whether it is there or not, and others stay', async () => {
    const { send, ended } = setup()
    await send('PUT', '/metrics/job/j', 'x 1\n')
    await send('PUT', '/metrics/job/j/a/other', 'x 1\n')
    expect((await send('DELETE', '/metrics/job/j')).status).toBe(202)
    expect(ended.sort()).toEqual(['push_time_seconds -', 'x -'])
    expect((await send('DELETE', '/metrics/job/j')).status).toBe(202)
    expect(ended).toHaveLength(2)
  })

  it('is forgotten when more than the limit came after it', async () => {
    const { send, ended } = setup()
    for (const job of ['a', 'b', 'c']) await send('PUT', `/metrics/job/${job}`, 'x 1\n')
    await send('DELETE', '/metrics/job/a')
    expect(ended).toEqual([])
  })
})

describe('a bad push', () => {
  it.each([
    ['/metrics/job/j', 'no value\n', /^line 1: "value" is not a value/],
    ['/metrics/job/j', 'a 1 1000\n', /must not have timestamps/],
    ['/metrics/job//a/b', 'a 1\n', /job name is required/],
    ['/metrics/job/j/a', 'a 1\n', /label without a value/],
    ['/metrics/a/b', 'a 1\n', /must begin with \/metrics\/job\//],
    ['/metrics/job/j/a-b/c', 'a 1\n', /"a-b" is not the name of a label/],
    ['/metrics/job/j/__x/c', 'a 1\n', /reserved/],
    ['/metrics/job/j/a/1/a/2', 'a 1\n', /stands twice/],
    ['/metrics/job/j/a@base64/%3F', 'a 1\n', /not base64/],
    ['/metrics/job/%E0%A4%A', 'a 1\n', /not escaped rightly/],
  ])('to %s answers 400 and says why: %j', async (path, body, reason) => {
    const { send, stored } = setup()
    const answer = await send('POST', path, body)
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringMatching(reason)])
    expect(stored().filter(([name]) => name !== 'push_failure_time_seconds')).toEqual([])
  })

  it('is told when some of it cannot be kept', async () => {
    const { doors, send } = setup()
    doors.nextIngest = { accepted: 1, rejected: [{ line: 1, reason: 'Infinity is no number' }] }
    const answer = await send('POST', '/metrics/job/j', 'a +Inf\n')
    expect([answer.status, await answer.text()]).toEqual([400, 'a: Infinity is no number\n'])
  })

  it('needs a token of scope write where tokens are', async () => {
    const { send } = setup({ tokens: [{ name: 'r', hash: hashToken('reader-reader-reader'), scopes: ['read'] }] })
    expect((await send('POST', '/metrics/job/j', 'a 1\n')).status).toBe(401)
    expect((await send('DELETE', '/metrics/job/j', undefined, { authorization: 'Bearer reader-reader-reader' })).status).toBe(403)
  })
})
