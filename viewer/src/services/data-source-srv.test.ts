import type { DataSourceApi, DataSourceInstanceSettings } from '@grafana/data'
import { describe, expect, it } from 'vitest'
import { createDataSourceSrv } from './data-source-srv.ts'

const meta = { id: 'tidewatch-monitoring-datasource' }
const tidewatch = { uid: 'tidewatch', name: 'Tidewatch', type: meta.id, meta, isDefault: true } as unknown as DataSourceInstanceSettings

function createService() {
  let created = 0
  class Source {
    constructor() {
      created++
    }
  }
  const service = createDataSourceSrv({
    settings: [tidewatch],
    load: async () => ({ DataSourceClass: Source as unknown as new () => DataSourceApi }),
    templateSrv: { replace: (text) => (text === '$source' ? 'Tidewatch' : (text ?? '')) },
  })
  return { service, created: () => created }
}

describe('createDataSourceSrv', () => {
  it.each([
    ['its uid', { uid: 'tidewatch' }],
    ['its type alone', { type: 'tidewatch-monitoring-datasource' }],
    ['its name', 'Tidewatch'],
    ['a variable', { uid: '$source' }],
    ['nothing: the default', undefined],
  ])('finds a datasource by %s and creates it once', async (_how, reference) => {
    const { service, created } = createService()
    const source = await service.get(reference)
    expect(source).toMatchObject({ uid: 'tidewatch', name: 'Tidewatch', meta })
    expect(await service.get('tidewatch')).toBe(source)
    expect(created()).toBe(1)
  })

  it('names the datasource that a dashboard asks for in vain', async () => {
    await expect(createService().service.get({ uid: 'prometheus' })).rejects.toThrow('There is no datasource "prometheus" here')
  })

  it('lists datasources of a type', () => {
    const { service } = createService()
    expect(service.getList({ pluginId: 'tidewatch-monitoring-datasource' })).toEqual([tidewatch])
    expect(service.getList({ type: ['prometheus'] })).toEqual([])
  })
})
