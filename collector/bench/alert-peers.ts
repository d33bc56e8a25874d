import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { newFolder, spawnCollector } from '../test/collector.ts'
import { findFreePorts } from '../test/ports.ts'

const prometheus = '/usr/bin/prometheus'
const vmalert = '/usr/bin/vmalert'
const victoriaMetrics = '/usr/bin/victoria-metrics'

export const hasPrometheus = existsSync(prometheus)
export const hasVmalert = existsSync(vmalert) && existsSync(victoriaMetrics)

/** Rules that watch ten series each. */
export type Setup = { readonly rules: number; readonly seriesPerRule: number; readonly receiver: string }

/** A system under measurement: where samples go, and the processes that work for its rules. */
export type AlertPeer = {
  readonly name: string
  readonly url: string
  readonly protocol: 'line' | 'remote-write'
  readonly pids: readonly number[]
  stop(): Promise<void>
}

const groups = (count: number) => Array.from({ length: count }, (_, index) => `g${index}`)

/** The collector, with the rules or with none. */
export async function startTidewatch({ rules, receiver }: Setup): Promise<AlertPeer> {
  const folder = newFolder()
  const file = join(folder, 'tidewatch.yaml')
  const own = groups(rules).map(
    (group) =>
      `  - { name: hot-${group}, source: { measurement: load, field: value, where: { group: ${group} } }, condition: { above: 90 } }`,
  )
  const text = [
    'presets: []',
    'sources: []',
    `rules:${own.length === 0 ? ' []' : ''}`,
    ...own,
    `receivers: [{ name: bench, type: webhook, url: '${receiver}/tidewatch' }]`,
    "route: { receiver: bench, group_by: ['...'], group_wait: 0s, group_interval: 1s }",
  ]
  writeFileSync(file, text.join('\n'))
  const { url, child } = await spawnCollector(['--config', file, '--data', join(folder, 'data')])
  const name = rules === 0 ? 'tidewatch without rules' : 'tidewatch'
  return { name, url, protocol: 'line', pids: [child.pid ?? 0], stop: () => end([child]) }
}

function groupFile(folder: string, { rules }: Setup, metric: string, interval: string): string {
  const own = groups(rules).map((group) => `      - { alert: hot-${group}, expr: '${metric}{group="${group}"} > 90' }`)
  const file = join(folder, 'rules.yaml')
  writeFileSync(
    file,
    `groups:\n  - name: bench\n    interval: ${interval}\n    rules:${own.length === 0 ? ' []' : ''}\n${own.join('\n')}\n`,
  )
  return file
}

/** Prometheus, which gets samples by remote write. */
export async function startPrometheus(setup: Setup, interval: string): Promise<AlertPeer> {
  const folder = newFolder()
  const [port] = await findFreePorts(1)
  const host = new URL(setup.receiver).host
  const file = join(folder, 'prometheus.yaml')
  const rules = groupFile(folder, setup, 'load_value', interval)
  writeFileSync(
    file,
    `rule_files: ['${rules}']\nalerting: { alertmanagers: [{ path_prefix: /prometheus-${interval}, static_configs: [{ targets: ['${host}'] }] }] }\n`,
  )
  const flags = [`--config.file=${file}`, `--storage.tsdb.path=${join(folder, 'data')}`, `--web.listen-address=127.0.0.1:${port}`]
  const child = spawn(prometheus, [...flags, '--web.enable-remote-write-receiver', '--log.level=error'], { stdio: 'ignore' })
  const url = `http://127.0.0.1:${port}`
  await untilReady(`${url}/-/ready`)
  const name = setup.rules === 0 ? 'prometheus without rules' : `prometheus ${interval}`
  return { name, url, protocol: 'remote-write', pids: [child.pid ?? 0], stop: () => end([child]) }
}

/** VictoriaMetrics with a vmalert beside it. */
export async function startVmalert(setup: Setup, interval: string): Promise<AlertPeer> {
  const folder = newFolder()
  mkdirSync(join(folder, 'data'))
  const [port, alertPort] = await findFreePorts(2)
  const url = `http://127.0.0.1:${port}`
  const quiet = ['-loggerLevel', 'ERROR']
  const stored = ['-storageDataPath', join(folder, 'data'), '-httpListenAddr', `127.0.0.1:${port}`, '-search.latencyOffset', '0s']
  const store = spawn(victoriaMetrics, [...stored, ...quiet], { stdio: 'ignore' })
  await untilReady(`${url}/health`)
  if (setup.rules === 0)
    return { name: 'victoriametrics without rules', url, protocol: 'line', pids: [store.pid ?? 0], stop: () => end([store]) }
  const rules = groupFile(folder, setup, 'load_value', interval)
  const alert = spawn(
    vmalert,
    [
      '-rule',
      rules,
      '-datasource.url',
      url,
      '-notifier.url',
      `${setup.receiver}/vmalert-${interval}`,
      '-httpListenAddr',
      `127.0.0.1:${alertPort}`,
      ...quiet,
    ],
    { stdio: 'ignore' },
  )
  await untilReady(`http://127.0.0.1:${alertPort}/health`)
  const pids = [store.pid ?? 0, alert.pid ?? 0]
  return { name: `vmalert ${interval}`, url, protocol: 'line', pids, stop: () => end([alert, store]) }
}

async function untilReady(url: string): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok) return
    await wait(20)
  }
  throw new Error(`${url} did not answer within 20 s`)
}

async function end(children: readonly ChildProcess[]): Promise<void> {
  for (const child of children) {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
}
