import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

/** The repository's root. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Everything a Grafana started by docker-compose.yml reads, parsed and not yet checked. */
export type Tree = {
  /** By path below provisioning/. */
  readonly provisioning: Record<string, unknown>
  readonly compose: unknown
  readonly dashboards: Record<string, unknown>
  /** The plugin's ids: the app, and what it brings. */
  readonly pluginIds: readonly string[]
  /** Where the app's menu leads. */
  readonly pages: readonly string[]
  /** Names that .env.example asks for, and those it only offers. */
  readonly env: { readonly required: readonly string[]; readonly optional: readonly string[] }
}

/** Fails when a file is not YAML or repeats a key. */
export function readYaml(path: string): unknown {
  return parse(readFileSync(join(root, path), 'utf8'), { uniqueKeys: true, strict: true })
}

function filesOf(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending) && !file.includes('node_modules'))
    .sort()
}

function readIds(): string[] {
  return filesOf('plugin/src', 'plugin.json').map((file) => JSON.parse(readFileSync(join(root, 'plugin/src', file), 'utf8')).id)
}

function readPages(): string[] {
  const app = JSON.parse(readFileSync(join(root, 'plugin/src/plugin.json'), 'utf8')) as { includes: { type: string; path: string }[] }
  return app.includes.filter(({ type }) => type === 'page').map(({ path }) => path)
}

function readEnv(): Tree['env'] {
  const lines = readFileSync(join(root, '.env.example'), 'utf8').split('\n')
  const names = (pattern: RegExp) => lines.flatMap((line) => pattern.exec(line)?.[1] ?? [])
  return { required: names(/^([A-Z_]+)=/), optional: names(/^# ([A-Z_]+)=/) }
}

export function readTree(): Tree {
  return {
    provisioning: Object.fromEntries(filesOf('provisioning', '.yaml').map((file) => [file, readYaml(join('provisioning', file))])),
    compose: readYaml('docker-compose.yml'),
    dashboards: Object.fromEntries(
      filesOf('dashboards', '.json').map((file) => [file, JSON.parse(readFileSync(join(root, 'dashboards', file), 'utf8'))]),
    ),
    pluginIds: readIds(),
    pages: readPages(),
    env: readEnv(),
  }
}
