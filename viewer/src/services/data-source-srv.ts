import type { DataSourceApi, DataSourceInstanceSettings, DataSourcePluginMeta, ScopedVars } from '@grafana/data'
import type { DataSourceSrv, TemplateSrv } from '@grafana/runtime'
import type { DataSourceRef } from '@grafana/schema'

/** A datasource plugin as its module exports it. */
export type DataSourceModule = {
  DataSourceClass: new (settings: DataSourceInstanceSettings) => DataSourceApi
  components?: DataSourceApi['components']
}

export type DataSourceSrvDeps = {
  settings: DataSourceInstanceSettings[]
  load: (meta: DataSourcePluginMeta) => Promise<DataSourceModule>
  templateSrv: Pick<TemplateSrv, 'replace'>
}

type Reference = DataSourceRef | string | null | undefined

/** Knows the page's datasources; each is loaded and created once, when a panel first asks for it. */
export function createDataSourceSrv({ settings, load, templateSrv }: DataSourceSrvDeps): DataSourceSrv {
  const instances = new Map<string, Promise<DataSourceApi>>()

  const find = (reference: Reference, scopedVars?: ScopedVars) => {
    const named = typeof reference === 'string' ? reference : (reference?.uid ?? reference?.type)
    const name = named?.includes('$') ? templateSrv.replace(named, scopedVars) : named
    if (!name || name === 'default') return settings.find((one) => one.isDefault) ?? settings[0]
    return settings.find((one) => one.uid === name || one.name === name || one.type === name)
  }
  const create = async (one: DataSourceInstanceSettings) => {
    const { DataSourceClass, components } = await load(one.meta)
    const instance = new DataSourceClass(one)
    return Object.assign(instance, { name: one.name, uid: one.uid, type: one.type, meta: one.meta, components: components ?? {} })
  }

  return {
    get: async (reference, scopedVars) => {
      const found = find(reference, scopedVars)
      if (!found) throw new Error(`There is no datasource ${describe(reference)} here; the dashboard was made for another Grafana.`)
      const kept = instances.get(found.uid) ?? create(found)
      instances.set(found.uid, kept)
      kept.catch(() => instances.delete(found.uid))
      return kept
    },
    getInstanceSettings: find,
    getList: (filters = {}) =>
      settings
        .filter((one) => !filters.pluginId || one.type === filters.pluginId)
        .filter((one) => !filters.type || [filters.type].flat().includes(one.type))
        .filter((one) => !filters.annotations || one.meta.annotations === true)
        .filter((one) => filters.filter?.(one) ?? true),
    reload: () => Promise.resolve(),
    registerRuntimeDataSource: ({ dataSource }) => {
      instances.set(dataSource.uid, Promise.resolve(dataSource))
      if (!find(dataSource.uid)) settings.push(dataSource.instanceSettings)
    },
  }
}

function describe(reference: Reference): string {
  return JSON.stringify(typeof reference === 'string' ? reference : (reference?.uid ?? reference?.type ?? 'unnamed'))
}
