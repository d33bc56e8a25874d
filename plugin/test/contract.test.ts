import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { allMatch, matcherSchema } from '../../collector/src/alerts/routing/tree/matcher.ts'
import { querySchema } from '../../collector/src/contract/query.ts'
import type { TidewatchQuery } from '../src/datasource/query-model.ts'
import { toRequestQuery } from '../src/datasource/request-query.ts'
import { dashboards } from '../src/pages/dashboards.ts'
import { toDraftMatchers } from '../src/panels/alerts/silences/silence-draft.ts'

const root = join(import.meta.dirname, '..', '..')

const full: TidewatchQuery = {
  refId: 'A',
  kind: 'metrics',
  measurement: 'cpu',
  fields: ['usage_user'],
  datasource: { uid: 'tw', type: 'tidewatch-monitoring-datasource' },
  hide: false,
  queryType: 'x',
  alias: '{{host}}',
  live: true,
  where: [{ tag: 'host', op: 'in', value: ['a'] }],
  groupBy: ['host'],
  services: ['api'],
  environments: ['production'],
  components: ['db'],
  severities: ['critical'],
  states: ['firing'],
  text: 'x',
  limit: 5,
}

describe('the collector', () => {
  it.each(['metrics', 'health', 'alerts', 'deployments'] as const)('takes the %s queries that the datasource sends', (kind) => {
    const parsed = querySchema.safeParse(toRequestQuery({ ...full, kind }, 10_000))
    expect(parsed.error?.issues).toBeUndefined()
    expect(parsed.data).toMatchObject({ kind, refId: 'A', limit: 5 })
  })
})

it('reads the matchers that the panel writes as they are meant, whatever stands in labels', () => {
  const odd = ['a.b', 'a+b', '(x)|[y]', 'C:\\temp', 'say "hi"', '{1,2}^$', 'eu|us'].map((path) => ({ alertname: 'Down (all)', path }))
  const matchers = toDraftMatchers(odd).map(({ text }) => matcherSchema.parse(text))
  expect(odd.map((labels) => allMatch(matchers, labels))).toEqual(odd.map(() => true))
  for (const path of ['aXb', 'aab', 'x', 'eu', '']) expect(allMatch(matchers, { alertname: 'Down (all)', path })).toBe(false)
})

describe('the dashboards', () => {
  const uids = readdirSync(join(root, 'dashboards'))
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(join(root, 'dashboards', file), 'utf8')).uid as string)

  it('are those that the start page and the navigation lead to', () => {
    const { includes } = JSON.parse(readFileSync(join(root, 'plugin', 'src', 'plugin.json'), 'utf8'))
    const led = includes.flatMap(({ path }: { path: string }) => (path.startsWith('d/') ? [path.slice(2)] : []))
    expect(led.sort()).toEqual([...uids].sort())
    expect(dashboards.map(({ uid }) => uid).sort()).toEqual([...uids].sort())
  })
})
