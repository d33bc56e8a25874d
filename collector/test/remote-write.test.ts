import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pushMetrics } from 'prometheus-remote-write'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newFolder, type Running, startCollector, valuesOf } from './collector.ts'

describe('remote write', () => {
  let collector: Running
  beforeAll(async () => {
    collector = await startCollector({ store: 'duckdb' })
  })
  afterAll(async () => collector?.stop())

  it('takes what the prometheus-remote-write package sends', async () => {
    const { status } = await pushMetrics({ jobs_done: 7 }, {
      url: `${collector.url}/api/v1/write`,
      labels: { service: 'mail' },
      fetch,
    } as object)
    expect(status).toBe(204)
    expect(await valuesOf(collector.url, 'jobs_done', 'value', [{ tag: 'service', op: '=', value: 'mail' }])).toEqual([7])
  })

  it.skipIf(!existsSync('/usr/bin/prometheus'))('takes what Prometheus scrapes and sends', () =>
    sendThrough('prometheus', (config, folder) => [
      '--enable-feature=agent',
      `--config.file=${config}`,
      `--storage.agent.path=${join(folder, 'wal')}`,
      '--web.listen-address=127.0.0.1:0',
    ]),
  )

  it.skipIf(!existsSync('/usr/bin/vmagent'))('takes what vmagent scrapes and sends', () =>
    sendThrough('vmagent', (config, folder) => [
      `-promscrape.config=${config}`,
      `-remoteWrite.url=${collector.url}/api/v1/write`,
      `-remoteWrite.tmpDataPath=${join(folder, 'queue')}`,
      '-httpListenAddr=127.0.0.1:0',
      '-promscrape.config.strictParse=false',
    ]),
  )

  /** Runs a scraper on a small target until two of its values are here. */
  async function sendThrough(program: string, toArgs: (config: string, folder: string) => string[]): Promise<void> {
    const target = createServer((_, answer) => {
      answer.setHeader('Content-Type', 'text/plain; version=0.0.4')
      answer.end(`${program}_temperature{room="attic"} 21.5\n${program}_summary{quantile="0.5"} NaN\n`)
    })
    await once(target.listen(0, '127.0.0.1'), 'listening')
    const folder = newFolder()
    const config = join(folder, 'prometheus.yml')
    writeFileSync(
      config,
      `global: { scrape_interval: 1s }
scrape_configs: [{ job_name: room, static_configs: [{ targets: ['127.0.0.1:${(target.address() as AddressInfo).port}'] }] }]
remote_write: [{ url: '${collector.url}/api/v1/write', queue_config: { batch_send_deadline: 100ms } }]
`,
    )
    const child = spawn(`/usr/bin/${program}`, toArgs(config, folder), { stdio: 'ignore' })
    const exited = once(child, 'exit')
    try {
      const values = () => valuesOf(collector.url, `${program}_temperature`, 'value', [{ tag: 'room', op: '=', value: 'attic' }])
      await expect.poll(async () => (await values()).length, { interval: 100 }).toBeGreaterThan(1)
      expect(new Set(await values())).toEqual(new Set([21.5]))
      expect(await valuesOf(collector.url, `${program}_summary`, 'value')).toEqual([])
    } finally {
      child.kill()
      await exited
      target.close()
    }
  }
})
