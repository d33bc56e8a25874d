import { of } from 'rxjs'
import { describe, expect, it, vi } from 'vitest'
import type { CollectorClient } from '../client/collector-client.ts'
import { findNames } from './variable-query.ts'

const range = { from: 1, to: 2 }
const client = {
  measurements: async () => ['mem', 'cpu'],
  fields: async () => [{ name: 'usage_user', type: 'float' }],
  tags: async () => ['host'],
  tagValues: vi.fn(async () => ['host10', 'host2', 'host2']),
  health: async () => ({
    components: [
      { name: 'api', environment: 'production' },
      { name: 'api', environment: 'dev' },
    ],
  }),
  query: () => of({ results: { A: { frames: [{ fields: [{ name: 'service', values: ['shop', 'api'] }] }] } } }),
} as unknown as CollectorClient

describe('findNames', () => {
  it.each([
    ['measurements', ['cpu', 'mem']],
    ['tags', ['host']],
    ['components', ['api']],
    ['environments', ['dev', 'production']],
    ['services', ['api', 'shop']],
  ] as const)('finds %s', async (find, names) => {
    expect(await findNames({ refId: 'A', find }, range, client)).toEqual(names)
  })

  it('finds the values of a tag in natural order, each once', async () => {
    expect(await findNames({ refId: 'A', find: 'tag-values', tag: 'host', measurement: 'cpu' }, range, client)).toEqual(['host2', 'host10'])
    expect(client.tagValues).toHaveBeenCalledWith('host', 'cpu')
  })

  it('finds nothing while the query is incomplete', async () => {
    expect(await findNames({ refId: 'A', find: 'tag-values' }, range, client)).toEqual([])
    expect(await findNames({ refId: 'A', find: 'fields' }, range, client)).toEqual([])
    expect(await findNames({ refId: 'A', find: 'fields', measurement: 'cpu' }, range, client)).toEqual(['usage_user'])
  })
})
