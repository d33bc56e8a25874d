import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '../src/app.ts'
import { loadConfig } from '../src/config/load.ts'
import { type Clock, systemClock } from '../src/lib/clock.ts'
import { silentLog } from '../src/lib/log.ts'

export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'tidewatch-test-'))

export type Running = {
  /** Its configuration, to change it. */
  readonly file: string
  readonly url: string
  readonly dataDir: string
  stop(): Promise<void>
}

export type StartOptions = {
  readonly store?: 'memory' | 'duckdb' | 'influxdb'
  /** The configuration file's text. */
  readonly yaml?: string
  readonly dataDir?: string
  readonly env?: Readonly<Record<string, string>>
  readonly clock?: Clock
}

/** The whole collector inside this process, on a port of the system's choice. */
export async function startCollector({
  store = 'memory',
  yaml = '',
  dataDir = newFolder(),
  env = {},
  clock = systemClock,
}: StartOptions = {}): Promise<Running> {
  const file = join(newFolder(), 'tidewatch.yaml')
  writeFileSync(file, yaml)
  const readConfig = () =>
    loadConfig({
      flags: { config: file, port: '0', data: dataDir, store },
      env,
      files: { exists: existsSync, read: (path) => readFileSync(path, 'utf8') },
    })
  const app = createApp(readConfig(), { log: silentLog, clock, fetch, version: '0.0.0-test', readConfig })
  const { url } = await app.start()
  return { url, dataDir, file, stop: app.stop }
}

export type Spawned = {
  readonly url: string
  readonly child: ChildProcess
  /** The exit code, null when a signal ended it. */
  readonly exited: Promise<number | null>
  /** What it printed for a person when it started. */
  readonly banner: string
  /** Everything on standard error so far. */
  errors(): string
}

const main = join(import.meta.dirname, '../bin/tidewatch.js')

/** The collector as an operator starts it: a process of its own. Resolves when it says where it is. */
export async function spawnCollector(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Spawned> {
  const { child, errors, exited } = launch(['serve', '--port', '0', ...args], env)
  let banner = ''
  const said = new Promise<string>((resolve) => {
    child.stdout.on('data', (chunk) => {
      banner += chunk
      const [, url] = /^Tidewatch is at (\S+?)\/$[\s\S]*^API:/m.exec(banner) ?? []
      if (url) resolve(url)
    })
  })
  const outcome = await Promise.race([said, exited.then((code) => ({ code }))])
  if (typeof outcome !== 'string') throw new Error(`the collector ended with ${outcome.code}: ${errors()}`)
  return { url: outcome, child, exited, banner, errors }
}

export type Ended = { readonly code: number | null; readonly out: string; readonly errors: string }

type CommandOptions = { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string; readonly input?: string }

/** Runs a command of the collector to its end. */
export const runCommand = (args: readonly string[], options: CommandOptions = {}): Promise<Ended> => startCommand(args, options).ended

/** Starts a command whose errors matter while it runs. */
export function startCommand(args: readonly string[], options: CommandOptions = {}): { errors(): string; readonly ended: Promise<Ended> } {
  const { child, errors, exited } = launch(args, options.env ?? {}, options.cwd)
  let out = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stdin.end(options.input ?? '')
  return { errors, ended: exited.then((code) => ({ code, out, errors: errors() })) }
}

function launch(args: readonly string[], env: Readonly<Record<string, string>>, cwd = newFolder()) {
  const child = spawn(process.execPath, [main, ...args], { cwd, env: { PATH: process.env.PATH, ...env }, stdio: 'pipe' })
  let text = ''
  child.stderr.on('data', (chunk) => {
    text += chunk
  })
  const exited = once(child, 'close').then(([code]) => code as number | null)
  return { child, exited, errors: () => text }
}

/** Sends JSON and gives back what came. */
export async function post<Shape>(url: string, body: unknown): Promise<{ status: number; body: Shape }> {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
  return { status: answer.status, body: (await answer.json()) as Shape }
}

type Answer = { results: { A: { frames?: { fields: { name: string; values: unknown[] }[] }[]; error?: unknown } } }

/** All raw values of one field, in order of time, whatever their tags. */
export async function valuesOf(url: string, measurement: string, field: string, where: object[] = []): Promise<unknown[]> {
  const query = { refId: 'A', kind: 'metrics', measurement, fields: [field], aggregate: 'none', where, limit: 100_000 }
  const range = { from: Date.UTC(2000, 0, 1), to: Date.UTC(2100, 0, 1) }
  const { body } = await post<Answer>(`${url}/api/v1/query`, { range, queries: [query] })
  if (!body.results.A.frames) throw new Error(JSON.stringify(body.results.A.error))
  return body.results.A.frames.flatMap((frame) => frame.fields.find(({ name }) => name === field)?.values ?? [])
}
