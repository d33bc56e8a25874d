import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { newFolder } from './collector.ts'
import { findFreePort } from './ports.ts'

const binary = '/usr/bin/prometheus-alertmanager'
export const hasAlertmanager = existsSync(binary)

/** Debian's Alertmanager as a process, on a port of its own. */
export async function startAlertmanager(yaml: string): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const folder = newFolder()
  const file = join(folder, 'alertmanager.yml')
  writeFileSync(file, yaml)
  const url = `http://127.0.0.1:${await findFreePort()}`
  const address = url.slice('http://'.length)
  const options = [`--config.file=${file}`, `--storage.path=${folder}`, `--web.listen-address=${address}`, '--cluster.listen-address=']
  const child = spawn(binary, options, { stdio: 'ignore' })
  const isReady = async () => (await fetch(`${url}/-/ready`).catch(() => undefined))?.ok
  while (!(await isReady())) {
    if (child.exitCode !== null) throw new Error(`Alertmanager ended with ${child.exitCode}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    url,
    async stop() {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}

type Body = { status: string; receiver: string; alerts: { status: string; labels: Record<string, string> }[] }

/** A webhook that writes down what it is told: `ops: a, b, db resolved`. */
export async function startWebhook() {
  const told: string[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { receiver, alerts } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Body
    const words = alerts.map(({ status, labels }) => `${labels.host ?? labels.alertname}${status === 'resolved' ? ' resolved' : ''}`)
    told.push(`${receiver}: ${words.sort().join(', ')}`)
    response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/`, told, stop: () => void server.close() }
}
