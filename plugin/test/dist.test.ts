import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as emotion from '@emotion/css'
import * as data from '@grafana/data'
import * as runtime from '@grafana/runtime'
import * as ui from '@grafana/ui'
import * as react from 'react'
import * as jsxRuntime from 'react/jsx-runtime'
import * as rxjs from 'rxjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const dist = mkdtempSync(join(tmpdir(), 'tidewatch-plugin-'))
const shared: Record<string, unknown> = {
  '@emotion/css': emotion,
  '@grafana/data': data,
  '@grafana/runtime': runtime,
  '@grafana/ui': ui,
  react,
  'react/jsx-runtime': jsxRuntime,
  rxjs,
}
const folders = ['', 'datasource', 'panels/health', 'panels/alerts', 'panels/deployments']

type Loaded = { plugin?: unknown }

/** Evaluates a module as Grafana's loader does: it calls `define` with what it needs, all of it shared. */
function load(folder: string): Loaded {
  let loaded: Loaded = {}
  const define = (needs: string[], create: (...given: unknown[]) => Loaded) => {
    const missing = needs.filter((need) => !(need in shared))
    expect(missing, 'modules that Grafana does not share').toEqual([])
    loaded = create(...needs.map((need) => shared[need]))
  }
  new Function('define', readFileSync(join(dist, folder, 'module.js'), 'utf8'))(define)
  return loaded
}

function readJson(...path: string[]) {
  return JSON.parse(readFileSync(join(dist, ...path), 'utf8'))
}

describe('the built plugin', () => {
  beforeAll(() => {
    const rspack = join(root, '..', 'node_modules', '@rspack', 'cli', 'bin', 'rspack.js')
    execFileSync(process.execPath, [rspack, 'build', '--mode', 'production', '--output-path', dist], { cwd: root, stdio: 'pipe' })
  })
  afterAll(() => rmSync(dist, { recursive: true }))

  it.each(folders)('gives a plugin when its module is evaluated: %s', (folder) => {
    expect(load(folder).plugin).toBeDefined()
  })

  it.each(folders)('has a source map, a logo and a filled-in plugin.json: %s', (folder) => {
    const meta = readJson(folder, 'plugin.json')
    expect(existsSync(join(dist, folder, 'module.js.map'))).toBe(true)
    expect(existsSync(join(dist, folder, meta.info.logos.large))).toBe(true)
    expect(meta.info.version).toMatch(/^\d+\.\d+\.\d+$/)
    expect(meta.info.updated).toMatch(/^\d{4}-\d\d-\d\d$/)
    expect(meta.id).toMatch(/^[0-9a-z]+-([0-9a-z]+-)?(app|panel|datasource)$/)
    expect(meta.dependencies.grafanaDependency).toBe('>=13.2.0')
  })

  it.each(folders)('is made of nothing but our own sources, for Grafana shares its libraries: %s', (folder) => {
    const sources: string[] = readJson(folder, 'module.js.map').sources
    expect(sources.length).toBeGreaterThan(5)
    expect(sources.filter((source) => !/^webpack:\/\/[a-z-]+\/(\.|webpack\/runtime)\//.test(source))).toEqual([])
    expect(sources.filter((source) => source.includes('node_modules'))).toEqual([])
  })

  it('lists every nested plugin where it lies', () => {
    const nested = readJson('plugin.json').includes.filter((entry: { path: string }) => entry.path.endsWith('plugin.json'))
    expect(nested.map((entry: { path: string }) => entry.path.replace('/plugin.json', '')).sort()).toEqual(folders.slice(1).sort())
    for (const entry of nested) expect(readJson(entry.path).type).toBe(entry.type)
  })

  it('keeps the two roles apart in the routes of the datasource', () => {
    const { routes } = readJson('datasource', 'plugin.json')
    const byPath = Object.fromEntries(routes.map((route: { path: string }) => [route.path, route]))
    expect(byPath.read.reqRole).toBeUndefined()
    expect(byPath.read.headers[0].content).toBe('Bearer {{ .SecureJsonData.readToken }}')
    expect(byPath.operate.reqRole).toBe('Editor')
    expect(byPath.operate.headers[0].content).toBe('Bearer {{ .SecureJsonData.operateToken }}')
  })

  it('carries a readme and the licence', () => {
    expect(existsSync(join(dist, 'README.md'))).toBe(true)
    expect(existsSync(join(dist, 'LICENSE'))).toBe(true)
  })
})
