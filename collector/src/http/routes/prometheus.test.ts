import { describe, expect, it } from 'vitest'
import type { RuleStatus } from '../../contract/alerts.ts'
import { createFakeDoors, readJson } from '../fakes/fake-doors.ts'
import { createHttp } from '../server.ts'

const rule: RuleStatus = {
  name: 'cpu-high',
  severity: 'critical',
  state: 'recovering',
  health: 'error',
  lastError: 'the store is down',
  lastEvaluation: '2026-01-01T00:00:05.000Z',
  alerts: 1,
  query: 'mean of cpu.usage over 5m: above 90',
  forMs: 120_000,
  keepFiringForMs: 0,
  everyMs: 10_000,
  labels: { team: 'core' },
  annotations: { summary: '{{value}} %' },
  definition: { measurement: 'cpu' },
}

function setup() {
  const doors = createFakeDoors()
  doors.alerts.rules = () => [rule, { ...rule, name: 'other', state: 'ok', health: 'ok', lastError: null, lastEvaluation: null }]
  const { app } = createHttp(doors)
  return async (path: string) => app.request(`/prometheus/api/v1${path}`)
}

type Rules = { data: { groups: { lastEvaluation: string; rules: { name: string; state: string; health: string; alerts: unknown[] }[] }[] } }

describe('the Prometheus-compatible rules', () => {
  it('show each rule with its alerts in words Prometheus knows', async () => {
    const { data } = await readJson<Rules>(setup()('/rules'))
    const [first, second] = data.groups[0]?.rules ?? []
    expect(first).toMatchObject({ name: 'cpu-high', state: 'firing', health: 'err', lastError: 'the store is down', type: 'alerting' })
    expect(first).toMatchObject({
      query: 'mean of cpu.usage over 5m: above 90',
      duration: 120,
      labels: { team: 'core', severity: 'critical' },
    })
    expect(first).toMatchObject({ annotations: { summary: '{{value}} %' } })
    expect(data.groups[0]).toMatchObject({ interval: 10 })
    expect(first?.alerts).toEqual([
      {
        labels: { alertname: 'cpu-high', severity: 'critical', host: 'web-1' },
        annotations: { summary: 'CPU of web-1 is at 97 %' },
        state: 'firing',
        activeAt: '2026-01-01T00:00:00.000Z',
        value: '97',
      },
    ])
    expect([second?.state, second?.alerts]).toEqual(['inactive', []])
    expect(data.groups[0]?.lastEvaluation).toBe('2026-01-01T00:00:05.000Z')
  })

  it('are narrowed by name and group, and come without alerts if asked', async () => {
    const ask = setup()
    const names = async (query: string) =>
      (await readJson<Rules>(ask(`/rules?${query}`))).data.groups.flatMap(({ rules }) => rules.map(({ name }) => name))
    expect(await names('rule_name[]=other')).toEqual(['other'])
    expect(await names('rule_group[]=nobody')).toEqual([])
    expect(await names('type=record')).toEqual([])
    expect(await names('type=alert')).toHaveLength(2)
    expect((await readJson<Rules>(ask('/rules?exclude_alerts=true'))).data.groups[0]?.rules[0]?.alerts).toEqual([])
  })

  it('pass "Save & test" and answer no other query', async () => {
    const ask = setup()
    expect((await ask('/status/buildinfo')).status).toBe(200)
    expect(await readJson(ask('/query?query=1%2B1'))).toMatchObject({ status: 'success', data: { resultType: 'scalar' } })
    const refused = await ask('/query?query=up')
    expect([refused.status, await refused.json()]).toEqual([
      400,
      { status: 'error', errorType: 'bad_data', error: expect.stringContaining('PromQL') },
    ])
    expect(await readJson(ask('/alerts'))).toMatchObject({ data: { alerts: [{ state: 'firing' }] } })
  })
})
