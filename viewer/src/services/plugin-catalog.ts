import type { DataSourcePluginMeta, PanelPlugin, PanelPluginMeta, PluginMeta, PluginMetaInfo } from '@grafana/data'
import type { DataSourceModule } from './data-source-srv.ts'

/** Where the collector serves the built plugin, as Grafana would. */
export const pluginAddress = '/public/plugins/tidewatch-monitoring-app'

export type PluginCatalogDeps = {
  fetchJson: (url: string) => Promise<unknown>
  loadModule: (url: string) => Promise<Record<string, unknown>>
  /** The panels this page brings itself, by the ids that dashboards use. */
  corePanels: Readonly<Record<string, () => Promise<PanelPlugin>>>
}

export interface PluginCatalog {
  importPanelPlugin(id: string): Promise<PanelPlugin>
  getPanelPluginFromCache(id: string): PanelPlugin | undefined
  importDataSourcePlugin(meta: DataSourcePluginMeta): Promise<DataSourceModule>
  /** Of the nested plugin with this id; rejects when the app does not list it. */
  describe(id: string): Promise<PluginMeta>
}

/** Loads panels and datasources: ours from this page's bundle, the app's nested ones from the built plugin. */
export function createPluginCatalog({ fetchJson, loadModule, corePanels }: PluginCatalogDeps): PluginCatalog {
  const loading = new Map<string, Promise<PanelPlugin>>()
  const loaded = new Map<string, PanelPlugin>()
  let nested: Promise<PluginMeta[]> | undefined

  const describe = async (id: string) => {
    nested ??= readNestedPlugins(fetchJson)
    const metas = await nested.catch((thrown: unknown) => {
      nested = undefined
      throw thrown
    })
    const meta = metas.find((one) => one.id === id)
    if (!meta) throw new Error(`The plugin ${id} is neither part of this viewer nor of the Tidewatch app.`)
    return meta
  }
  const loadPanel = async (id: string) => {
    const core = corePanels[id]
    const plugin = core ? await core() : await loadNestedPanel(await describe(id), loadModule)
    if (core) plugin.meta = coreMeta(id)
    loaded.set(id, plugin)
    return plugin
  }

  return {
    describe,
    getPanelPluginFromCache: (id) => loaded.get(id),
    importPanelPlugin: (id) => {
      const promise = loading.get(id) ?? loadPanel(id)
      loading.set(id, promise)
      promise.catch(() => loading.delete(id))
      return promise
    },
    importDataSourcePlugin: async (meta) => {
      const { plugin } = (await loadModule(meta.module)) as { plugin?: DataSourceModule }
      if (!plugin) throw new Error(`${meta.module} exports no plugin; build the plugin again.`)
      return plugin
    },
  }
}

type PluginFile = { id: string; name: string; type: string; info: PluginMetaInfo; includes?: { type: string; path?: string }[] }

async function readNestedPlugins(fetchJson: PluginCatalogDeps['fetchJson']): Promise<PluginMeta[]> {
  const app = (await fetchJson(`${pluginAddress}/plugin.json`)) as PluginFile
  const paths = (app.includes ?? [])
    .filter((include) => include.type === 'panel' || include.type === 'datasource')
    .flatMap((include) => (include.path?.endsWith('/plugin.json') ? [include.path] : []))
  return Promise.all(
    paths.map(async (path) => toMeta((await fetchJson(`${pluginAddress}/${path}`)) as PluginFile, path.replace(/\/plugin\.json$/, ''))),
  )
}

/** Adds what Grafana's server adds: where the module and the pictures of a plugin lie. */
function toMeta(file: PluginFile, folder: string): PluginMeta {
  const baseUrl = `${pluginAddress}/${folder}`
  const at = (path: string) => (path.startsWith('/') ? path : `${baseUrl}/${path}`)
  const { logos } = file.info
  // The version in the address makes a browser fetch a newer build instead of its cached copy.
  const module = `${baseUrl}/module.js?_cache=${encodeURIComponent(file.info.version)}`
  return { ...file, baseUrl, module, info: { ...file.info, logos: { small: at(logos.small), large: at(logos.large) } } } as PluginMeta
}

async function loadNestedPanel(meta: PluginMeta, loadModule: PluginCatalogDeps['loadModule']): Promise<PanelPlugin> {
  const { plugin } = (await loadModule(meta.module)) as { plugin?: PanelPlugin }
  if (!plugin) throw new Error(`${meta.module} exports no plugin; build the plugin again.`)
  plugin.meta = { sort: 100, ...meta } as PanelPluginMeta
  return plugin
}

function coreMeta(id: string): PanelPluginMeta {
  const none = {
    author: { name: 'Tidewatch' },
    description: '',
    links: [],
    logos: { small: '', large: '' },
    screenshots: [],
    updated: '',
    version: '',
  }
  const skipDataQuery = id === 'text'
  return {
    id,
    name: id,
    sort: 1,
    info: none,
    module: '',
    baseUrl: '',
    ...(skipDataQuery && { skipDataQuery }),
  } as unknown as PanelPluginMeta
}
