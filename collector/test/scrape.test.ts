import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Counter, Gauge, Histogram, Registry, Summary } from 'prom-client'
import { afterEach, describe, expect, it } from 'vitest'
import { newFolder, startCollector, valuesOf } from './collector.ts'
import { findFreePort } from './ports.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** A server as applications have it: prom-client's registry at /metrics, in the format that is asked for. */
async function startTarget(): Promise<{ address: string; server: Server }> {
  const registers = [new Registry()]
  new Counter({ name: 'orders_total', help: 'h', labelNames: ['shop'], registers }).inc({ shop: 'eu "1"' }, 7)
  new Gauge({ name: 'queue_length', help: 'h', labelNames: ['job'], registers }).set({ job: 'own' }, 3)
  new Gauge({ name: 'empty', help: 'h', registers }).set(Number.NaN)
  const histogram = new Histogram({ name: 'request_seconds', help: 'h', buckets: [0.1, 1], registers })
  for (const seconds of [0.05, 0.5, 5]) histogram.observe(seconds)
  new Summary({ name: 'job_seconds', help: 'h', percentiles: [0.5, 0.9], registers }).observe(2)
  const text = registers[0] as Registry
  const server = createServer(async ({ url }, answer) => {
    if (url !== '/metrics') return void answer.writeHead(404).end()
    answer.writeHead(200, { 'content-type': text.contentType }).end(await text.metrics())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

const until = (check: () => Promise<unknown>) => expect.poll(check, { interval: 100 })

describe('the scrape source', () => {
  it('stores what a prom-client server shows, and sees it go', async () => {
    const { address, server } = await startTarget()
    const yaml = `sources: [{ type: scrape, job: shop, targets: ['${address}'], interval: 1s, timeout: 1s, filesInterval: 1s }]`
    const collector = await startCollector({ yaml })
    closing.push(() => collector.stop())
    const newest = async (measurement: string, field = 'value', where: object[] = []) =>
      (await valuesOf(collector.url, measurement, field, where)).at(-1)
    await until(() => newest('up')).toBe(1)
    expect(await newest('orders_total', 'value', [{ tag: 'shop', op: '=', value: 'eu "1"' }])).toBe(7)
    expect(await newest('queue_length', 'value', [{ tag: 'exported_job', op: '=', value: 'own' }])).toBe(3)
    expect(await Promise.all(['count', 'sum', 'le_0.1', 'le_1'].map((field) => newest('request_seconds', field)))).toEqual([3, 5.55, 1, 2])
    expect(await Promise.all(['count', 'sum', 'quantile_0.5'].map((field) => newest('job_seconds', field)))).toEqual([1, 2, 2])
    expect(await newest('empty')).toBeUndefined()
    server.closeAllConnections()
    server.close()
    await until(() => newest('up')).toBe(0)
  })

  it('makes a rule see the series of a dead target as absent, long before its window has passed', async () => {
    const { address, server } = await startTarget()
    const yaml = `sources: [{ type: scrape, job: shop, targets: ['${address}'], interval: 1s, timeout: 1s, filesInterval: 1s }]
rules:
  - name: queue
    source: { measurement: queue_length, field: value }
    window: 1h
    every: 1s
    condition: { above: 1 }
    on_no_data: no_data
    no_data_after: 1
`
    const collector = await startCollector({ yaml })
    closing.push(() => collector.stop())
    const state = async () => {
      const answer = await fetch(`${collector.url}/api/v1/alerts`)
      const { alerts } = (await answer.json()) as { alerts: { rule: string; state: string }[] }
      return alerts.find(({ rule }) => rule === 'queue')?.state
    }
    await until(state).toBe('firing')
    server.closeAllConnections()
    server.close()
    await until(state).toBe('no_data')
  })

  it.skipIf(!existsSync('/usr/bin/prometheus'))('stores what Prometheus stores of the same target', async () => {
    const { address } = await startTarget()
    const folder = newFolder()
    const config = join(folder, 'prometheus.yml')
    writeFileSync(
      config,
      `global: { scrape_interval: 1s }\nscrape_configs: [{ job_name: shop, static_configs: [{ targets: ['${address}'] }] }]\n`,
    )
    const port = await findFreePort()
    const child = spawn(
      '/usr/bin/prometheus',
      [`--config.file=${config}`, `--storage.tsdb.path=${join(folder, 'tsdb')}`, `--web.listen-address=127.0.0.1:${port}`],
      { stdio: 'ignore' },
    )
    const exited = once(child, 'exit')
    closing.push(async () => {
      child.kill()
      await exited
    })
    const own = `sources: [{ type: scrape, job: shop, targets: ['${address}'], interval: 1s, timeout: 1s },`
    const theirs = `{ type: scrape, job: prometheus, targets: ['127.0.0.1:${port}'], interval: 1s, timeout: 1s }]`
    const collector = await startCollector({ yaml: `${own} ${theirs}` })
    closing.push(() => collector.stop())

    const ask = async (name: string): Promise<{ metric: Record<string, string>; value: [number, string] }[]> => {
      const answer = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(name)}`)
      const { data } = (await answer.json()) as { data: { result: [] } }
      return data.result
    }
    await until(async () => (await ask('up{job="shop"}').catch(() => []))[0]?.value[1]).toBe('1')
    await until(async () => (await valuesOf(collector.url, 'up', 'value', shop)).length).toBeGreaterThan(1)

    // Samples that are points of their own: name, labels and value are Prometheus's. Both scrape on, and on a busy machine
    // one of them may miss the target for a while.
    for (const name of ['orders_total', 'queue_length', 'up', 'scrape_samples_scraped', 'scrape_samples_post_metric_relabeling']) {
      await until(async () => {
        const [sample] = await ask(`${name}{job="shop"}`)
        const { __name__: _, ...labels } = sample?.metric ?? {}
        const where = Object.entries(labels).map(([tag, value]) => ({ tag, op: '=', value }))
        return [name, sample && (await valuesOf(collector.url, name, 'value', where)).at(-1) === Number(sample.value[1])]
      }).toEqual([name, true])
    }
    // A histogram is one point: its fields are Prometheus's series.
    for (const [query, field] of [
      ['request_seconds_bucket{le="0.1"}', 'le_0.1'],
      ['request_seconds_bucket{le="1"}', 'le_1'],
      ['request_seconds_bucket{le="+Inf"}', 'count'],
      ['request_seconds_sum', 'sum'],
    ]) {
      await until(async () => {
        const [sample] = await ask(query as string)
        return [field, sample && (await valuesOf(collector.url, 'request_seconds', field as string)).at(-1) === Number(sample.value[1])]
      }).toEqual([field, true])
    }
    // Prometheus's own page, of some hundred samples, is taken without a loss.
    await until(async () => (await valuesOf(collector.url, 'up', 'value', [{ tag: 'job', op: '=', value: 'prometheus' }])).at(-1)).toBe(1)
    expect((await valuesOf(collector.url, 'prometheus_tsdb_head_series', 'value')).length).toBeGreaterThan(0)
  })

  const shop = [{ tag: 'job', op: '=', value: 'shop' }]
})

describe("prom-client's Pushgateway", () => {
  it('pushes, adds and deletes', async () => {
    const collector = await startCollector()
    closing.push(() => collector.stop())
    const script = join(newFolder(), 'job.mjs')
    const promClient = import.meta.resolve('prom-client')
    writeFileSync(
      script,
      `import client from '${promClient}'
const gateway = new client.Pushgateway('${collector.url}')
new client.Gauge({ name: 'rows', help: 'h', labelNames: ['table'] }).set({ table: 'a' }, 5)
const groupings = { instance: 'db/1' }
const answers = [
  await gateway.push({ jobName: 'backup', groupings }),
  await gateway.pushAdd({ jobName: 'backup', groupings }),
  await gateway.delete({ jobName: 'backup', groupings }),
]
console.log(answers.map(({ resp }) => resp.statusCode).join(' '))
`,
    )
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    child.stdout.on('data', (chunk) => {
      said += chunk
    })
    await once(child, 'close')
    expect(said.trim()).toBe('200 200 202')
    const where = [
      { tag: 'job', op: '=', value: 'backup' },
      { tag: 'instance', op: '=', value: 'db/1' },
    ]
    expect(await valuesOf(collector.url, 'rows', 'value', where)).toEqual([5, 5])
    expect(await valuesOf(collector.url, 'push_time_seconds', 'value', where)).toHaveLength(2)
  })
})
