import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type Compose, composeSchema, mountsOf } from './compose-schema.ts'
import { type Alerting, alertingSchema, type Datasources, dashboardsSchema, datasourcesSchema, pluginsSchema } from './schemas.ts'
import { root, type Tree } from './tree.ts'

/** The tree once every file has its shape. */
export type Known = {
  readonly datasources: Datasources
  readonly providers: z.output<typeof dashboardsSchema>['providers']
  readonly apps: z.output<typeof pluginsSchema>['apps']
  readonly alerting: Alerting
  readonly compose: Compose
}

const schemaOf = (file: string): z.ZodType | undefined => {
  if (file.startsWith('datasources/')) return datasourcesSchema
  if (file.startsWith('dashboards/')) return dashboardsSchema
  if (file.startsWith('plugins/')) return pluginsSchema
  if (file.startsWith('alerting/')) return alertingSchema
  return undefined
}

/** Where a file's shape is wrong. The collector's own configuration is checked by the collector's own loader. */
export function shapeProblems(tree: Tree): string[] {
  const candidates: [string, z.ZodType | undefined, unknown][] = [['docker-compose.yml', composeSchema, tree.compose]]
  for (const [file, content] of Object.entries(tree.provisioning)) {
    if (!file.startsWith('collector/')) candidates.push([file, schemaOf(file), content])
  }
  return candidates.flatMap(([file, schema, content]) => {
    if (!schema) return [`${file}: Grafana reads no such folder`]
    const parsed = schema.safeParse(content)
    return parsed.success ? [] : [`${file}: ${z.prettifyError(parsed.error)}`]
  })
}

/** Brings the files of each folder together; call it on a tree without shape problems. */
export function toKnown(tree: Tree): Known {
  const all = <Schema extends z.ZodType>(folder: string, schema: Schema): z.output<Schema>[] =>
    Object.entries(tree.provisioning)
      .filter(([file]) => file.startsWith(folder))
      .map(([, content]) => schema.parse(content))
  const alerting = all('alerting/', alertingSchema)
  return {
    datasources: all('datasources/', datasourcesSchema).flatMap((file) => file.datasources),
    providers: all('dashboards/', dashboardsSchema).flatMap((file) => file.providers),
    apps: all('plugins/', pluginsSchema).flatMap((file) => file.apps),
    alerting: {
      apiVersion: 1,
      groups: alerting.flatMap((file) => file.groups),
      contactPoints: alerting.flatMap((file) => file.contactPoints),
      policies: alerting.flatMap((file) => file.policies),
      muteTimes: alerting.flatMap((file) => file.muteTimes),
      templates: alerting.flatMap((file) => file.templates),
    },
    compose: composeSchema.parse(tree.compose),
  }
}

/** Names that stand twice where they must be one of a kind. */
export function doubleProblems({ datasources, alerting }: Known): string[] {
  const rules = alerting.groups.flatMap((group) => group.rules)
  const receivers = alerting.contactPoints.flatMap((point) => point.receivers)
  const doubles = (what: string, names: readonly string[]) =>
    names.filter((name, index) => names.indexOf(name) < index).map((name) => `${what} "${name}" stands twice`)
  return [
    ...doubles(
      'datasource uid',
      datasources.map(({ uid }) => uid),
    ),
    ...doubles(
      'datasource name',
      datasources.map(({ name }) => name),
    ),
    ...doubles(
      'rule uid',
      rules.map(({ uid }) => uid),
    ),
    ...doubles(
      'rule title',
      rules.map(({ title }) => title),
    ),
    ...doubles(
      'receiver uid',
      receivers.map(({ uid }) => uid),
    ),
    ...doubles(
      'contact point',
      alerting.contactPoints.map(({ name }) => name),
    ),
    ...doubles(
      'mute timing',
      alerting.muteTimes.map(({ name }) => name),
    ),
    ...doubles(
      'template',
      alerting.templates.map(({ name }) => name),
    ),
    ...(datasources.filter(({ isDefault }) => isDefault).length === 1 ? [] : ['exactly one datasource is the default']),
  ]
}

/** Grafana's built-in sources, which need no provisioning: annotations and mixed panels. */
const builtIn = ['grafana', '-- Grafana --', '-- Mixed --', '-- Dashboard --', '__expr__']

/** Every uid under a `datasource` key of a dashboard, variables left out. */
function uidsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, part]) => {
    const uid = key === 'datasource' && typeof part === 'object' && part !== null ? (part as { uid?: unknown }).uid : undefined
    return [...(typeof uid === 'string' && !uid.startsWith('$') ? [uid] : []), ...uidsIn(part)]
  })
}

/** Datasources that rules and dashboards ask for and nobody provisions. */
export function datasourceProblems({ datasources, alerting }: Known, dashboards: Tree['dashboards']): string[] {
  const known = [...builtIn, ...datasources.map(({ uid }) => uid)]
  const unknown = (where: string, uids: readonly string[]) =>
    [...new Set(uids)].filter((uid) => !known.includes(uid)).map((uid) => `${where} asks the datasource "${uid}", which is not provisioned`)
  return [
    ...alerting.groups.flatMap(({ rules }) =>
      rules.flatMap((rule) =>
        unknown(
          `rule ${rule.uid}`,
          rule.data.map((query) => query.datasourceUid),
        ),
      ),
    ),
    ...Object.entries(dashboards).flatMap(([file, dashboard]) => unknown(file, uidsIn(dashboard))),
  ]
}

/** The app and all it brings must be enabled and allowed by name, and lie where Grafana looks. */
export function pluginProblems({ apps, compose }: Known, ids: readonly string[]): string[] {
  const { grafana } = compose.services
  const allowed = (grafana.environment.GF_PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS ?? '').split(',')
  const app = ids.find((id) => id.endsWith('-app'))
  const folder = mountsOf(grafana).find(({ target }) => target === `/var/lib/grafana/plugins/${app}`)
  return [
    ...ids.filter((id) => !allowed.includes(id)).map((id) => `the plugin ${id} is not allowed to load unsigned`),
    ...allowed.filter((id) => !ids.includes(id)).map((id) => `"${id}" is allowed to load unsigned but is no plugin of ours`),
    ...(apps.some(({ type, disabled }) => type === app && !disabled) ? [] : [`the app ${app} is not enabled`]),
    ...(folder?.source === './plugin/dist' ? [] : ['plugin/dist is not mounted where Grafana looks for the app']),
  ]
}

/** Folders that are mounted but not there, and provisioning that no mount brings to Grafana. */
export function mountProblems({ providers, compose }: Known, exists = (path: string) => existsSync(join(root, path))): string[] {
  const built = './plugin/dist'
  const volumes = Object.keys(compose.volumes)
  const mounts = Object.entries(compose.services).flatMap(([service, definition]) =>
    mountsOf(definition).map((mount) => ({ ...mount, service })),
  )
  const inGrafana = mounts.filter(({ service }) => service === 'grafana')
  const folders = ['datasources', 'dashboards', 'plugins', 'alerting']
  return [
    ...mounts.flatMap(({ service, source, readOnly }) => {
      if (!source.startsWith('./')) return volumes.includes(source) ? [] : [`${service} mounts the volume ${source}, which is not declared`]
      if (!readOnly) return [`${service} may write to ${source}`]
      return source === built || exists(source) ? [] : [`${service} mounts ${source}, which does not exist`]
    }),
    ...folders
      .filter(
        (name) =>
          !inGrafana.some(({ source, target }) => source === `./provisioning/${name}` && target === `/etc/grafana/provisioning/${name}`),
      )
      .map((name) => `provisioning/${name} is not mounted where Grafana looks for it`),
    ...providers
      .filter(({ options }) => !inGrafana.some(({ source, target }) => source === './dashboards' && target === options.path))
      .map(({ options }) => `the dashboards' path ${options.path} is not where dashboards/ is mounted`),
  ]
}
