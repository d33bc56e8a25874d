import { expect, it } from 'vitest'
import { AppError } from '../../lib/errors.ts'
import { createFakeDoors } from '../fakes/fake-doors.ts'
import { createHttp } from '../server.ts'

function setup() {
  const doors = createFakeDoors()
  const { app } = createHttp(doors)
  const post = async (path: string, body: string, headers: Record<string, string> = {}) =>
    app.request(path, { method: 'POST', body, headers })
  return { doors, post }
}

const ns = (ms: number) => BigInt(ms) * 1_000_000n

it("takes OpenTSDB's points: one, many, and none, as netdata sends every interval", async () => {
  const { doors, post } = setup()
  const point = { metric: 'netdata.cpu', timestamp: 1_795_231_147, value: '1.5', tags: { host: 'a', core: 0 } }
  expect((await post('/api/put', JSON.stringify(point))).status).toBe(204)
  expect((await post('/api/put?details', JSON.stringify([{ ...point, timestamp: 1_795_231_147_180, value: 2 }]))).status).toBe(204)
  expect((await post('/api/put', '[\n\n]\n', { 'content-type': 'application/json' })).status).toBe(204)
  const tags = { host: 'a', core: '0' }
  expect(doors.points).toEqual([
    { measurement: 'netdata.cpu', tags, fields: { value: 1.5 }, timeNs: ns(1_795_231_147_000) },
    { measurement: 'netdata.cpu', tags, fields: { value: 2 }, timeNs: ns(1_795_231_147_180) },
  ])
})

it("names OpenTSDB's bad points in its form, and keeps the good ones", async () => {
  const { doors, post } = setup()
  const bad = [
    { metric: '', timestamp: 1, value: 1 },
    { metric: 'm', timestamp: 'x', value: 1 },
    { metric: 'm', timestamp: 1, value: 'NaN' },
    { metric: 'm', timestamp: 1, value: 1, tags: { a: {} } },
    { metric: 'm', timestamp: 1, value: 1, tags: [] },
    7,
  ]
  const answer = await post('/api/put', JSON.stringify([...bad, { metric: 'm', timestamp: 1, value: 1, tags: {} }]))
  expect(answer.status).toBe(400)
  expect(await answer.json()).toEqual({
    error: {
      code: 400,
      message: 'entry 0: it has no metric',
      details: [
        'entry 0: it has no metric',
        'entry 1: its timestamp is no number',
        'entry 2: its value is no number',
        'entry 3: its tag "a" is no text',
        'entry 4: its tags are no object',
        'entry 5: is no object',
      ].join('\n'),
    },
  })
  expect(doors.points).toHaveLength(1)
  expect((await post('/api/put', '{')).status).toBe(400)
})

it("takes KairosDB's metrics, with one value or a list of them", async () => {
  const { doors, post } = setup()
  const body = [
    { name: 'a', timestamp: 1_795_231_147_180, value: 1, tags: { host: 'x' } },
    {
      name: 'b',
      datapoints: [
        [1, 2],
        [3, '4.5'],
      ],
      tags: { host: 'x' },
      ttl: 0,
    },
  ]
  expect((await post('/api/v1/datapoints', JSON.stringify(body))).status).toBe(204)
  expect(doors.points.map(({ measurement, fields, timeNs }) => [measurement, fields.value, timeNs])).toEqual([
    ['a', 1, ns(1_795_231_147_180)],
    ['b', 2, ns(1)],
    ['b', 4.5, ns(3)],
  ])
  const bad = [{ name: 'a' }, { name: 'a', timestamp: 1 }, { value: 1 }, { name: 'a', datapoints: 1 }, { name: 'a', datapoints: [1] }]
  const answer = await post('/api/v1/datapoints', JSON.stringify(bad))
  expect([answer.status, await answer.json()]).toEqual([
    400,
    {
      errors: [
        'entry 0: a timestamp is no number of milliseconds',
        'entry 1: a value is no number',
        'entry 2: it has no name',
        'entry 3: its datapoints are no list',
        'entry 4: a timestamp is no number of milliseconds',
      ],
    },
  ])
})

const list = {
  ...{ values: [100, null], dstypes: ['derive', 'derive'], dsnames: ['rx', 'tx'], time: 1_795_231_147.18, interval: 10 },
  ...{ host: 'web-1', plugin: 'interface', plugin_instance: 'eth0', type: 'if_octets', type_instance: '' },
}
const tags = { host: 'web-1', instance: 'eth0', type: 'if_octets', type_instance: '' }

it('takes what collectd writes as JSON, where an unknown value is null', async () => {
  const { doors, post } = setup()
  expect((await post('/collectd-post', JSON.stringify([list]), { 'content-type': 'application/json' })).status).toBe(204)
  expect(doors.points).toEqual([{ measurement: 'interface_rx', tags, fields: { value: 100 }, timeNs: ns(1_795_231_147_180) }])
  const bad = [{ ...list, host: '' }, { ...list, values: [1] }, { ...list, values: [1, 'x'] }, { message: 'a notification' }]
  const answer = await post('/collectd-post', JSON.stringify(bad))
  expect(await answer.json()).toEqual({
    errors: [
      'entry 0: host, plugin or type is missing',
      'entry 1: it has 1 value and 2 dsnames',
      'entry 2: a value is no number',
      'entry 3: it has no values and dsnames',
    ],
  })
})

it('takes what collectd writes as text, under the same names', async () => {
  const { doors, post } = setup()
  const text = [
    'PUTVAL web-1/interface-eth0/if_octets interval=10.000 1795231147.180:100:U',
    'PUTVAL "web 1/cpu-0/cpu-user" interval=10 N:5',
    'PUTVAL web-1/load/load interval=10.000 1795231147:1:2:3',
    'PUTVAL web-1/odd/odd_type 1:7:8',
    '',
  ].join('\r\n')
  expect((await post('/collectd-post', text, { 'content-type': 'text/plain' })).status).toBe(204)
  expect(doors.points[0]).toEqual({ measurement: 'interface_rx', tags, fields: { value: 100 }, timeNs: ns(1_795_231_147_180) })
  expect(doors.points[1]).toEqual({
    measurement: 'cpu_value',
    tags: { host: 'web 1', instance: '0', type: 'cpu', type_instance: 'user' },
    fields: { value: 5 },
  })
  expect(doors.points.slice(2).map(({ measurement }) => measurement)).toEqual([
    'load_shortterm',
    'load_midterm',
    'load_longterm',
    'odd_0',
    'odd_1',
  ])
  const answer = await post('/collectd-post', 'PUTVAL a/b 1:1\nGETVAL a\nPUTVAL a/b/c x:1\nPUTVAL a/b/c 1:x\nPUTVAL a/b/c 1:1')
  expect([answer.status, await answer.json()]).toEqual([
    400,
    {
      errors: [
        'line 1: is no PUTVAL host/plugin/type time:value',
        'line 2: is no PUTVAL host/plugin/type time:value',
        'line 3: "x:1" is no time:value',
        'line 4: "1:x" holds what is no number',
      ],
    },
  ])
  expect(doors.points).toHaveLength(8)
})

it('tells of its own trouble in their form', async () => {
  const { doors, post } = setup()
  doors.nextIngest = new AppError('INGEST_FULL', 'the spool is full', { retryable: true })
  const full = await post('/api/put', '{"metric":"m","timestamp":1,"value":1}')
  expect([full.status, full.headers.get('retry-after'), await full.json()]).toEqual([
    503,
    '2',
    { error: { code: 503, message: 'the spool is full', details: 'the spool is full' } },
  ])
  doors.nextIngest = { accepted: 0, rejected: [{ line: 1, reason: 'field type conflict' }] }
  const refused = await post('/collectd-post', JSON.stringify([list]))
  expect([refused.status, await refused.json()]).toEqual([400, { errors: ['interface_rx: field type conflict'] }])
})
