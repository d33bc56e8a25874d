import { describe, expect, it } from 'vitest'
import { AppError } from '../../lib/errors.ts'
import { createFakeDoors, readJson } from '../fakes/fake-doors.ts'
import { createHttp } from '../server.ts'

type Results = {
  results: Record<
    string,
    { frames?: { name: string; fields: { name: string; type: string; values: unknown[] }[] }[]; error?: { code: string; message: string } }
  >
}

const hourMs = 3_600_000
const range = { from: 0, to: hourMs }
const cpu = { kind: 'metrics', measurement: 'cpu', fields: ['usage_user'] }

function setup() {
  const doors = createFakeDoors()
  const { app } = createHttp(doors)
  const ask = (queries: object[], over = range, signal?: AbortSignal) =>
    app.request(new Request('http://localhost/api/v1/query', { method: 'POST', body: JSON.stringify({ range: over, queries }), signal }))
  return { doors, ask, results: async (queries: object[], over = range) => (await readJson<Results>(ask(queries, over))).results }
}

describe('POST /api/v1/query', () => {
  it('gives each refId its own answer, so that one failure spoils nothing else', async () => {
    const { doors, results } = setup()
    doors.answerQuery = async (query) => {
      if (query.measurement === 'broken') throw new AppError('QUERY_INVALID', 'no such measurement')
      return [{ name: query.measurement, labels: {}, fields: [] }]
    }
    const answer = await results([
      { refId: 'A', ...cpu },
      { refId: 'B', ...cpu, measurement: 'broken' },
      { refId: 'C', kind: 'metrics' },
      { refId: 'A', ...cpu },
      { refId: 'D', kind: 'deployments' },
    ])
    expect(answer.B?.error).toMatchObject({ code: 'QUERY_INVALID', message: 'no such measurement' })
    expect(answer.C?.error?.message).toContain('measurement')
    expect(answer.A?.error?.message).toContain('given twice')
    expect(answer.D?.frames?.[0]?.name).toBe('deployments')
  })

  it('chooses buckets so that a range never has more than a thousand', async () => {
    const { doors, results } = setup()
    const widthOver = async (rangeMs: number, every?: string) => {
      await results([{ refId: 'A', ...cpu, ...(every && { every }) }], { from: 0, to: rangeMs })
      return doors.queries.at(-1)?.query.everyMs
    }
    expect(await widthOver(hourMs)).toBe(5000)
    expect(await widthOver(24 * hourMs)).toBe(120_000)
    expect(await widthOver(30 * 24 * hourMs)).toBe(3_600_000)
    expect(await widthOver(hourMs, '1m')).toBe(60_000)
    expect(await widthOver(hourMs, 'all')).toBeUndefined()
  })

  it('refuses more buckets than anyone can read', async () => {
    const { doors, results } = setup()
    const answer = await results([{ refId: 'A', ...cpu, every: '1s' }], { from: 0, to: 30 * 24 * hourMs })
    expect(answer.A?.error).toMatchObject({ code: 'QUERY_INVALID', message: expect.stringContaining('2592000 buckets') })
    expect(doors.queries).toEqual([])
  })

  it('passes filters on as data, untouched', async () => {
    const { doors, results } = setup()
    await results([{ refId: 'A', ...cpu, where: [{ tag: `h'; DROP`, op: '=', value: `a" OR 1=1` }], groupBy: ['host'], fill: 0, limit: 5 }])
    expect(doors.queries[0]?.query).toMatchObject({
      where: [{ tag: `h'; DROP`, op: '=', value: `a" OR 1=1` }],
      groupBy: ['host'],
      fill: 0,
      limit: 5,
    })
  })

  it('tells the store when the client leaves', async () => {
    const { doors, ask } = setup()
    const gone = new AbortController()
    const stopped = new Promise((resolve) => {
      doors.answerQuery = (_, signal) =>
        new Promise((_, reject) => {
          signal?.addEventListener('abort', () => {
            resolve('told')
            reject(signal.reason)
          })
          gone.abort()
        })
    })
    await Promise.resolve(ask([{ refId: 'A', ...cpu }], range, gone.signal)).catch(() => undefined)
    expect(await stopped).toBe('told')
  })

  it('wants a range that goes forward', async () => {
    const { ask } = setup()
    expect((await ask([{ refId: 'A', ...cpu }], { from: 5, to: 5 })).status).toBe(400)
  })
})

describe('frames', () => {
  const columns = async (query: object) =>
    (await setup().results([{ refId: 'A', ...query }])).A?.frames?.[0]?.fields.map(({ name, type }) => `${name}:${type}`)

  it('of health now have the columns the matrix draws', async () => {
    expect(await columns({ kind: 'health' })).toEqual([
      'component:string',
      'environment:string',
      'state:string',
      'since:time',
      'latency_ms:number',
      'message:string',
      'probe:string',
      'critical:boolean',
      'url:string',
    ])
  })

  it('of noise have a row for each rule', async () => {
    const wanted = ['rule', 'severity', 'episodes', 'firing_ms', 'flaps', 'notifications', 'notified', 'acted_on', 'acted_on_share']
    const names = (await columns({ kind: 'alerts', view: 'noise' }))?.map((column) => column.split(':')[0])
    expect(names).toEqual([...wanted, 'useful', 'not_useful', 'precision'])
  })

  it('of counts have a row for each severity and state, and list nothing', async () => {
    const { doors, results } = setup()
    const [frame] = (await results([{ refId: 'A', kind: 'alerts', view: 'count', states: ['firing'] }])).A?.frames ?? []
    expect(frame?.fields.map(({ name, values }) => [name, ...values])).toEqual([
      ['severity', 'critical'],
      ['state', 'firing'],
      ['count', 1],
    ])
    expect(doors.alertCounts).toEqual([{ states: ['firing'] }])
    expect(doors.alertFilters).toEqual([])
  })

  it('of alerts may be about a few that changed', async () => {
    const { doors, results } = setup()
    await results([{ refId: 'A', kind: 'alerts', view: 'all', ids: ['a1', 'a2'] }])
    expect(doors.alertFilters[0]).toMatchObject({ past: true, ids: ['a1', 'a2'] })
  })

  it('of alerts have the columns the alerts panel draws', async () => {
    expect(await columns({ kind: 'alerts' })).toEqual([
      'id:string',
      'rule:string',
      'severity:string',
      'state:string',
      'labels:string',
      'summary:string',
      'value:number',
      'startsAt:time',
      'endsAt:time',
      'acknowledgedBy:string',
      'acknowledgeComment:string',
      'cause:string',
      'causeDetails:string',
      'annotations:string',
      'acknowledgedUntil:time',
      'status:string',
      'silencedBy:string',
      'inhibitedBy:string',
      'mutedBy:string',
      'flapping:boolean',
      'useful:boolean',
      'recent:string',
      'source:string',
    ])
  })

  it('of deployments have the columns the timeline draws', async () => {
    const { results } = setup()
    const fields = (await results([{ refId: 'A', kind: 'deployments' }])).A?.frames?.[0]?.fields ?? []
    expect(fields.map(({ name }) => name)).toEqual(
      'id service environment version previousVersion status actor commit startedAt finishedAt duration_ms reason steps url kind gates'.split(
        ' ',
      ),
    )
    expect(fields.find(({ name }) => name === 'duration_ms')?.values).toEqual([60_000])
  })

  it('of health history tell when a state was entered, and admit a silence', async () => {
    const { doors, results } = setup()
    const minute = 60_000
    doors.answerQuery = async () => [
      {
        name: 'health',
        labels: { component: 'api', environment: 'production' },
        fields: [
          { name: 'time', type: 'time', values: [0, 1, 2, 3, 4, 30, 31].map((at) => at * minute) },
          { name: 'state', type: 'number', values: [0, 0, 2, 2, 0, 0, 0] },
        ],
      },
    ]
    const fields = (await results([{ refId: 'A', kind: 'health', view: 'history', components: ['api'] }])).A?.frames?.[0]?.fields ?? []
    expect(fields.map(({ name }) => name)).toEqual(['time', 'component', 'environment', 'state'])
    expect(fields[0]?.values).toEqual([0, 2, 4, 14, 30].map((at) => at * minute))
    expect(fields[3]?.values).toEqual(['up', 'down', 'up', 'unknown', 'up'])
    expect(doors.queries[0]?.query).toMatchObject({ aggregate: 'none', where: [{ tag: 'component', op: 'in', value: ['api'] }] })
  })

  it('of alerts over a range include those that ended', async () => {
    const { doors, results } = setup()
    await results([{ refId: 'A', kind: 'alerts', view: 'all', severities: ['critical'] }])
    expect(doors.alertFilters[0]).toMatchObject({ past: true, range, severities: ['critical'] })
    expect((await results([{ refId: 'A', kind: 'alerts', states: ['on fire'] }])).A?.error?.message).toContain('"on fire" is not one of')
  })
})
