import { PanelPlugin } from '@grafana/data'
import { describe, expect, it } from 'vitest'
import { createPluginCatalog } from './plugin-catalog.ts'

const info = { version: '1.2.3', logos: { small: 'img/logo.svg', large: 'img/logo.svg' } }
const files: Record<string, unknown> = {
  '/public/plugins/tidewatch-monitoring-app/plugin.json': {
    includes: [
      { type: 'page', path: 'd/tidewatch-overview' },
      { type: 'panel', path: 'panels/health/plugin.json' },
    ],
  },
  '/public/plugins/tidewatch-monitoring-app/panels/health/plugin.json': {
    id: 'tidewatch-health-panel',
    name: 'Health',
    type: 'panel',
    info,
  },
}

function createCatalog(modules: Record<string, Record<string, unknown>> = {}) {
  const loaded: string[] = []
  const catalog = createPluginCatalog({
    fetchJson: async (url) => {
      if (!(url in files)) throw new Error(`nothing at ${url}`)
      return files[url]
    },
    loadModule: async (url) => {
      loaded.push(url)
      return modules[url] ?? {}
    },
    corePanels: { text: async () => new PanelPlugin(null) },
  })
  return { catalog, loaded }
}

const moduleUrl = '/public/plugins/tidewatch-monitoring-app/panels/health/module.js?_cache=1.2.3'

describe('createPluginCatalog', () => {
  it('finds a nested plugin through the app that lists it, and loads it once', async () => {
    const plugin = new PanelPlugin(null)
    const { catalog, loaded } = createCatalog({ [moduleUrl]: { plugin } })
    const [first, second] = await Promise.all([
      catalog.importPanelPlugin('tidewatch-health-panel'),
      catalog.importPanelPlugin('tidewatch-health-panel'),
    ])
    expect(first).toBe(plugin)
    expect(second).toBe(plugin)
    expect(loaded).toEqual([moduleUrl])
    expect(plugin.meta.info.logos.small).toBe('/public/plugins/tidewatch-monitoring-app/panels/health/img/logo.svg')
    expect(catalog.getPanelPluginFromCache('tidewatch-health-panel')).toBe(plugin)
  })

  it('brings core panels itself', async () => {
    const { catalog, loaded } = createCatalog()
    expect((await catalog.importPanelPlugin('text')).meta).toMatchObject({ id: 'text', skipDataQuery: true })
    expect(loaded).toEqual([])
  })

  it('names a plugin that is nowhere, and tries again when asked again', async () => {
    const { catalog } = createCatalog()
    await expect(catalog.importPanelPlugin('worldmap')).rejects.toThrow(
      'The plugin worldmap is neither part of this viewer nor of the Tidewatch app.',
    )
    await expect(catalog.importPanelPlugin('worldmap')).rejects.toThrow('worldmap')
  })

  it('says when a module is not a plugin', async () => {
    await expect(createCatalog().catalog.importPanelPlugin('tidewatch-health-panel')).rejects.toThrow('exports no plugin')
  })
})
