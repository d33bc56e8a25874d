import { describe, expect, it } from 'vitest'
import { interpolateQuery, type Replace } from './interpolate.ts'
import type { TidewatchQuery } from './query-model.ts'

const variables: Record<string, string | string[]> = { host: ['a', 'b.c'], one: ['x'], env: 'production', all: '.*' }

/** Replaces as Grafana does: the value goes through the format, and `All` with a value of its own does not. */
const replace: Replace = (text, format) =>
  text.replace(/\$(\w+)/g, (whole, name: string) => {
    const value = variables[name]
    if (value === undefined) return whole
    if (value === '.*') return value
    return format ? format(value) : [value].flat().join(',')
  })

const query = (parts: Partial<TidewatchQuery>): TidewatchQuery => ({ refId: 'A', kind: 'metrics', ...parts })

describe('interpolateQuery', () => {
  it('turns a variable with several values into several entries', () => {
    expect(interpolateQuery(query({ groupBy: ['$host', 'cpu'], environments: ['$env'] }), replace)).toMatchObject({
      groupBy: ['a', 'b.c', 'cpu'],
      environments: ['production'],
    })
  })

  it('turns = into one of, and != into none of, literally', () => {
    const { where } = interpolateQuery(
      query({
        where: [
          { tag: 'host', op: '=', value: '$host' },
          { tag: 'host', op: '!=', value: '$host' },
          { tag: 'host', op: '=', value: '$one' },
        ],
      }),
      replace,
    )
    expect(where).toEqual([
      { tag: 'host', op: 'in', value: ['a', 'b.c'] },
      { tag: 'host', op: '!~', value: '^(a|b\\.c)$' },
      { tag: 'host', op: '=', value: 'x' },
    ])
  })

  it('escapes what stands inside a regular expression', () => {
    const { where } = interpolateQuery(query({ where: [{ tag: 'host', op: '=~', value: '^$host$' }] }), replace)
    expect(where).toEqual([{ tag: 'host', op: '=~', value: '^(a|b\\.c)$' }])
  })

  it('filters nothing when a variable stands for everything', () => {
    const asked = query({ where: [{ tag: 'host', op: '=', value: '$all' }], environments: ['$all'], services: ['$all'] })
    expect(interpolateQuery(asked, replace)).toMatchObject({ where: [], environments: [], services: [] })
  })

  it('replaces within texts, and leaves texts without variables alone', () => {
    const asked = query({
      measurement: 'cpu_$env',
      every: '1m',
      where: [{ tag: 'path', op: '=', value: '/$env/x' }],
      alias: '{{host}} $env',
    })
    expect(interpolateQuery(asked, replace)).toMatchObject({
      measurement: 'cpu_production',
      every: '1m',
      where: [{ tag: 'path', op: '=', value: '/production/x' }],
      alias: '{{host}} production',
    })
  })

  it('adds nothing to a query that has nothing', () => {
    expect(interpolateQuery({ refId: 'A', kind: 'alerts' }, replace)).toEqual({ refId: 'A', kind: 'alerts' })
  })
})
