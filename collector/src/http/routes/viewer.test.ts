import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { createFakeDoors, readJson } from '../fakes/fake-doors.ts'
import { createHttp } from '../server.ts'

function built() {
  const root = mkdtempSync(join(tmpdir(), 'tidewatch-viewer-'))
  const put = (path: string, content: string | Buffer) => {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  put('viewer/index.html', '<title>viewer</title>')
  put('viewer/app.0a1b2c3d4e.js', 'start()')
  put('viewer/app.0a1b2c3d4e.js.br', brotliCompressSync('start()'))
  put('viewer/.hidden', 'secret')
  put('plugin/module.js', 'plugin()')
  put('plugin/panels/health/module.js', 'panel()')
  put('dashboards/overview.json', '{"uid":"tidewatch-overview","title":"Overview","tags":["tidewatch"],"panels":[]}')
  put('secret.txt', 'secret')
  const doors = createFakeDoors({
    viewerDir: join(root, 'viewer'),
    pluginDir: join(root, 'plugin'),
    dashboardsDir: join(root, 'dashboards'),
  })
  return createHttp(doors).app
}

describe('the viewer', () => {
  it('is its page at / and at every address of its own router, under a strict policy', async () => {
    const app = built()
    for (const path of ['/', '/d/tidewatch-overview', '/d/tidewatch-overview/overview?from=now-6h', '/metrics-explorer']) {
      const answer = await app.request(path)
      expect([answer.status, await answer.text()], path).toEqual([200, '<title>viewer</title>'])
      expect(answer.headers.get('content-security-policy')).toContain("script-src 'self';")
    }
  })

  it('sends hashed files packed and for ever, and the page to be asked for again', async () => {
    const app = built()
    const script = await app.request('/app.0a1b2c3d4e.js', { headers: { 'accept-encoding': 'gzip, deflate, br' } })
    expect(script.headers.get('content-encoding')).toBe('br')
    expect(script.headers.get('content-type')).toContain('javascript')
    expect(script.headers.get('cache-control')).toContain('immutable')
    expect(brotliDecompressSync(Buffer.from(await script.arrayBuffer())).toString()).toBe('start()')
    expect(await (await app.request('/app.0a1b2c3d4e.js')).text()).toBe('start()')

    const page = await app.request('/')
    expect(page.headers.get('cache-control')).toBe('no-cache')
    const tag = page.headers.get('etag') ?? ''
    expect((await app.request('/', { headers: { 'if-none-match': tag } })).status).toBe(304)
  })

  it('sends nothing from outside its folder and nothing hidden', async () => {
    const app = built()
    for (const path of [
      '/../secret.txt',
      '/..%2fsecret.txt',
      '/%2e%2e/secret.txt',
      '/.hidden',
      '/public/plugins/x/../../secret.txt',
      '/viewer/dashboards/..%2fsecret',
    ]) {
      expect(await (await app.request(path)).text(), path).not.toContain('secret\n')
      expect(await (await app.request(path)).text(), path).not.toBe('secret')
    }
  })

  it('says 404 of a file or a route of the API that is not there, instead of the page', async () => {
    const app = built()
    expect((await app.request('/app.deadbeef00.js')).status).toBe(404)
    expect((await app.request('/api/v1/nothing')).status).toBe(404)
  })

  it('finds the plugin where Grafana would have it', async () => {
    const app = built()
    expect(await (await app.request('/public/plugins/tidewatch-monitoring-app/module.js')).text()).toBe('plugin()')
    expect(await (await app.request('/public/plugins/tidewatch-monitoring-app/panels/health/module.js')).text()).toBe('panel()')
    expect((await app.request('/public/plugins/tidewatch-monitoring-app/none.js')).status).toBe(404)
  })

  it('lists the dashboards and gives each by its uid', async () => {
    const app = built()
    expect(await readJson(app.request('/viewer/dashboards'))).toEqual({
      dashboards: [{ uid: 'tidewatch-overview', title: 'Overview', tags: ['tidewatch'] }],
    })
    expect(await readJson(app.request('/viewer/dashboards/tidewatch-overview'))).toMatchObject({ title: 'Overview', panels: [] })
    expect((await app.request('/viewer/dashboards/none')).status).toBe(404)
  })

  it('says how to build what is not built', async () => {
    const app = createHttp(createFakeDoors()).app
    expect(await (await app.request('/')).text()).toContain('npm run build')
  })
})

describe('/docs', () => {
  it('is a page whose scripts all come from here', async () => {
    const app = built()
    const page = await (await app.request('/docs')).text()
    const sources = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source as string)
    expect(sources).toHaveLength(4)
    for (const source of sources.filter((source) => source !== '/favicon.svg')) expect((await app.request(source)).status, source).toBe(200)
    expect(page).not.toMatch(/<script>[^<]/)
  })
})
