import { config, setDataSourceSrv } from '@grafana/runtime'
import { lastValueFrom } from 'rxjs'
import { beforeEach, describe, expect, it } from 'vitest'
import { fakeBackend } from '../../test/fake-backend.ts'
import { createCollectorClient, currentActor, findClient, mayOperate } from './collector-client.ts'

const url = '/api/datasources/proxy/uid/tw'

describe('createCollectorClient', () => {
  it('reads through the read route and acts through the operate route', async () => {
    const calls = fakeBackend({
      '/api/v1/query': { data: { results: {} } },
      '/measurements': { data: { measurements: ['cpu'] } },
      '/ack': { data: { id: 'a/1' } },
    })
    const client = createCollectorClient({ url })
    await lastValueFrom(client.query({ range: { from: 1, to: 2 }, queries: [] }))
    await client.measurements()
    await client.changeAlert('a/1', 'ack', { actor: 'jane' })
    expect(calls.map((call) => `${call.method} ${call.url}`)).toEqual([
      `POST ${url}/read/api/v1/query`,
      `GET ${url}/read/api/v1/catalog/measurements`,
      `POST ${url}/operate/api/v1/alerts/a%2F1/ack`,
    ])
  })

  it('leaves out parameters that have no value', async () => {
    const calls = fakeBackend({ '/tags': { data: { tags: ['host'] } }, '/tag-values': { data: { values: ['a'] } } })
    const client = createCollectorClient({ url })
    expect(await client.tags()).toEqual(['host'])
    expect(await client.tagValues('host', 'cpu')).toEqual(['a'])
    expect(calls.map((call) => call.params)).toEqual([{}, { tag: 'host', measurement: 'cpu' }])
  })

  it('fails with a sentence and shows no alert of its own', async () => {
    const calls = fakeBackend({ '/status': { fails: { status: 502, data: {} } } })
    await expect(createCollectorClient({ url }).status()).rejects.toThrow('Grafana cannot reach the collector')
    expect(calls[0]).toMatchObject({ showErrorAlert: false })
  })
})

describe('findClient', () => {
  it("takes the address of the panel's datasource", async () => {
    const calls = fakeBackend({ '/status': { data: {} } })
    setDataSourceSrv({ getInstanceSettings: (ref: { uid: string }) => (ref.uid === 'tw' ? { url } : undefined) } as never)
    await findClient({ uid: 'tw' })?.status()
    expect(calls[0]?.url).toBe(`${url}/read/api/v1/status`)
    expect(findClient({ uid: 'gone' })).toBeUndefined()
  })
})

describe('who is signed in', () => {
  beforeEach(() => {
    config.bootData = { user: { login: 'jane', orgRole: 'Viewer' } } as never
  })

  it('is named in what they do', () => {
    expect(currentActor()).toBe('jane')
  })

  it('may operate as an editor or an administrator only', () => {
    expect(mayOperate()).toBe(false)
    for (const orgRole of ['Editor', 'Admin']) {
      config.bootData = { user: { login: 'jane', orgRole } } as never
      expect(mayOperate()).toBe(true)
    }
  })
})
