import {
  AppEvents,
  type DataSourceInstanceSettings,
  type DataSourcePluginMeta,
  EventBusSrv,
  type GrafanaConfig,
  locationUtil,
  setTimeZoneResolver,
  urlUtil,
} from '@grafana/data'
import {
  config,
  type FetchError,
  getBackendSrv,
  locationService,
  setAppEvents,
  setBackendSrv,
  setDataSourceSrv,
  setEchoSrv,
  setPluginImportUtils,
  setRunRequest,
  setTemplateSrv,
} from '@grafana/runtime'
import { sceneGraph } from '@grafana/scenes'
import { corePanels } from '../panels/core-panels.ts'
import { registerEditors } from '../registries/editors.ts'
import { registerFieldConfig } from '../registries/field-config.ts'
import { registerTransformers } from '../registries/transformers.ts'
import { createBackendSrv } from '../services/backend-srv.ts'
import { createCurrentScene } from '../services/current-scene.ts'
import { createDataSourceSrv } from '../services/data-source-srv.ts'
import { createEchoSrv } from '../services/echo.ts'
import { createPluginCatalog } from '../services/plugin-catalog.ts'
import { proxyAddress } from '../services/proxy-path.ts'
import { runRequest } from '../services/run-request.ts'
import { createTemplateSrv } from '../services/template-srv.ts'
import { createTokenKeeper } from '../services/token-source.ts'
import { loadModule, shareModules } from '../shared-modules/module-loader.ts'

const dataSourceType = 'tidewatch-monitoring-datasource'

export type PageServices = ReturnType<typeof startServices>

/** Registers what the packages expect of Grafana before the first component is drawn. */
export function startServices() {
  const appEvents = new EventBusSrv()
  const token = createTokenKeeper(sessionStorage)
  const currentScene = createCurrentScene()
  const templateSrv = createTemplateSrv({ currentScene: currentScene.get })
  const onError = (error: FetchError) => appEvents.emit(AppEvents.alertError, [describeFailure(error)])

  setTimeZoneResolver(() => 'browser')
  registerEditors()
  registerFieldConfig()
  registerTransformers()
  shareModules()
  setAppEvents(appEvents)
  setEchoSrv(createEchoSrv())
  setTemplateSrv(templateSrv)
  setBackendSrv(createBackendSrv({ fetch: (input, init) => fetch(input, init), token, onError }))
  setRunRequest(runRequest)

  const catalog = createPluginCatalog({ fetchJson: (url) => getBackendSrv().get(url), loadModule, corePanels })
  setPluginImportUtils(catalog)
  const settings = describeDataSource()
  config.datasources = { [settings.name]: settings }
  config.defaultDatasource = settings.name
  const load = async (meta: DataSourcePluginMeta) => {
    const found = (await catalog.describe(meta.id)) as DataSourcePluginMeta
    settings.meta = found
    return catalog.importDataSourcePlugin(found)
  }
  setDataSourceSrv(createDataSourceSrv({ settings: [settings], load, templateSrv }))
  startLinks(currentScene.get)
  return { appEvents, token, currentScene }
}

/** The one datasource of this page, as Grafana's provisioning describes it to a browser. */
function describeDataSource(): DataSourceInstanceSettings {
  const meta = {
    id: dataSourceType,
    name: 'Tidewatch',
    type: 'datasource',
    module: '',
    baseUrl: '',
    annotations: true,
    metrics: true,
    info: {},
  }
  return {
    uid: 'tidewatch',
    name: 'Tidewatch',
    type: dataSourceType,
    url: proxyAddress,
    access: 'proxy',
    isDefault: true,
    readOnly: true,
    jsonData: {},
    meta: meta as unknown as DataSourcePluginMeta,
  }
}

/** Data links may carry the time range and the variables of the dashboard they stand in. */
function startLinks(currentScene: () => Parameters<typeof sceneGraph.interpolate>[0] | undefined) {
  const fill = (text: string) => {
    const scene = currentScene()
    return scene ? urlUtil.parseKeyValue(sceneGraph.interpolate(scene, text)) : {}
  }
  locationUtil.initialize({
    config: config as unknown as GrafanaConfig,
    getVariablesUrlParams: () => fill('$__all_variables') as Record<string, never>,
    getTimeRangeForUrl: () => {
      const scene = currentScene()
      const { from, to } = scene ? sceneGraph.getTimeRange(scene).state : { from: 'now-1h', to: 'now' }
      return { from, to }
    },
  })
}

function describeFailure({ data, statusText, message }: FetchError): string {
  const answered = (data as { error?: { message?: string } } | undefined)?.error?.message
  return answered ?? message ?? statusText ?? 'The collector did not answer.'
}

export { locationService }
