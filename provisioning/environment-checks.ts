import type { Known } from './checks.ts'
import type { Tree } from './tree.ts'

type Text = { readonly path: string; readonly text: string }

/** Every text in a file with its path; a rule's `model` is left out, for Grafana expands nothing there. */
function textsIn(value: unknown, path = ''): Text[] {
  if (typeof value === 'string') return [{ path, text: value }]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, part]) => (key === 'model' ? [] : textsIn(part, path === '' ? key : `${path}.${key}`)))
}

/** Grafana expands `$NAME` and `${NAME}` and takes `$$` for a dollar sign; an unset name becomes nothing, silently. */
export function expansionProblems(provisioning: Tree['provisioning'], { compose }: Known): string[] {
  const set = Object.keys(compose.services.grafana.environment)
  return Object.entries(provisioning)
    .filter(([file]) => !file.startsWith('collector/'))
    .flatMap(([file, content]) =>
      textsIn(content).flatMap(({ path, text }) =>
        [...text.replaceAll('$$', '').matchAll(/\$(\{?)(\w*)\}?/g)].flatMap(([, brace, name = '']) => {
          if (brace === '') return [`${file} ${path}: a lone $ before "${name}"; write $$ for a dollar sign`]
          return set.includes(name) ? [] : [`${file} ${path}: \${${name}} is not in the environment of grafana`]
        }),
      ),
    )
}

/** Secrets stand in the environment, never in a file of the repository. */
export function secretProblems(provisioning: Tree['provisioning'], { compose }: Known): string[] {
  const secret = /(password|token|secret|credentials|httpHeaderValue1)$/i
  const inFiles = Object.entries(provisioning).flatMap(([file, content]) =>
    textsIn(content)
      .filter(({ path, text }) => secret.test(path) && !/^(Bearer )?\$\{\w+\}$/.test(text))
      .map(({ path }) => `${file} ${path} holds a secret`),
  )
  const inCompose = Object.entries(compose.services).flatMap(([service, { environment }]) =>
    Object.entries(environment)
      .filter(([name, text]) => /(PASSWORD|TOKEN|SECRET)$/.test(name) && !/^\$\{\w+(:[?-][^}]*)?\}$/.test(text))
      .map(([name]) => `docker-compose.yml ${service}.${name} holds a secret`),
  )
  return [...inFiles, ...inCompose]
}

/** What compose takes from .env: required ones refuse to start when unset, the others have a default. */
export function variableProblems({ compose }: Known, env: Tree['env']): string[] {
  const uses = textsIn(compose).flatMap(({ path, text }) =>
    [...text.replaceAll('$$', '').matchAll(/\$\{(\w+)(?::([?-])[^}]*)?\}/g)].map(([, name = '', guard]) => ({ path, name, guard })),
  )
  const guardsOf = (name: string) => uses.filter((use) => use.name === name).map((use) => use.guard)
  const names = [...new Set(uses.map(({ name }) => name))]
  return [
    ...names.flatMap((name) => {
      const guards = guardsOf(name)
      if (guards.includes('?')) return env.required.includes(name) ? [] : [`${name} must be set, and .env.example does not ask for it`]
      if (guards.every((guard) => guard === '-'))
        return env.optional.includes(name) ? [] : [`${name} may be set, and .env.example does not offer it`]
      return [`${name} may be unset without a word: write \${${name}:?…} or \${${name}:-…} once`]
    }),
    ...[...env.required, ...env.optional]
      .filter((name) => !names.includes(name))
      .map((name) => `.env.example names ${name}, which nothing uses`),
  ]
}

/** Ports are published on this machine only unless .env says otherwise; every service waits for what it needs. */
export function serviceProblems({ compose, datasources, alerting }: Known): string[] {
  const { grafana, collector, influxdb } = compose.services
  const urls = [
    ...datasources.map((source) => (source.type === 'tidewatch-monitoring-datasource' ? source.jsonData.url : source.url)),
    ...alerting.contactPoints.flatMap(({ receivers }) =>
      receivers.flatMap((receiver) => (receiver.type === 'webhook' ? [receiver.settings.url] : [])),
    ),
  ]
  const ports: Record<string, string> = { collector: '8484', influxdb: '8086', grafana: '3000' }
  const published = Object.entries(compose.services).flatMap(([service, { ports: given = [] }]) => given.map((port) => ({ service, port })))
  return [
    ...urls.filter((url) => ports[new URL(url).hostname] !== new URL(url).port).map((url) => `${url} is no service of the compose file`),
    ...published
      .filter(({ port }) => !port.startsWith(`\${BIND_ADDRESS:-127.0.0.1}:`))
      .map(({ service }) => `${service} is published to everyone`),
    ...published
      .filter(({ service, port }) => !port.endsWith(`:${ports[service]}`))
      .map(({ service }) => `${service} publishes another port than it listens on`),
    ...(influxdb.ports ? ['influxdb is published; only the collector and grafana need it'] : []),
    ...(collector.depends_on?.influxdb && grafana.depends_on?.collector && grafana.depends_on.influxdb
      ? []
      : ['a service starts before what it needs']),
    ...(collector.healthcheck.test.join(' ').includes('/readyz') ? [] : ['the health of the collector is not asked at /readyz']),
    ...(grafana.environment.GF_DATAPROXY_SEND_USER_HEADER === 'true' ? [] : ['grafana does not send who is signed in']),
  ]
}
