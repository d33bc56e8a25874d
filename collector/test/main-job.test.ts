import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Alert } from '../src/model/alert.ts'
import type { StreamEvent } from '../src/model/event.ts'
import { newFolder, post, type Running, startCollector } from './collector.ts'
import { findFreePort } from './ports.ts'

/** A small HTTP server; `onBody` gets what is posted to it. */
async function startServer(port = 0, onBody: (body: string) => void = () => {}): Promise<Server & { url: string; port: number }> {
  const server = createServer(async (request, response) => {
    onBody(await textOf(request))
    response.end('ok')
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const { port: opened } = server.address() as AddressInfo
  return Object.assign(server, { url: `http://127.0.0.1:${opened}/`, port: opened })
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}

/** Keeps what arrives and resolves waiters as soon as something fits. */
function createInbox<Item>() {
  const items: Item[] = []
  const waiting = new Set<() => void>()
  return {
    take(item: Item) {
      items.push(item)
      for (const look of waiting) look()
    },
    until: (fits: (item: Item) => boolean) =>
      new Promise<Item>((resolve) => {
        const look = () => {
          const found = items.find(fits)
          if (!found) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
  }
}

/** Listens to the collector's stream until it is stopped. */
async function listenTo(url: string, onEvent: (event: StreamEvent) => void): Promise<void> {
  const answer = await fetch(`${url}/api/v1/stream`)
  const reader = answer.body?.pipeThrough(new TextDecoderStream()) as ReadableStream<string>
  void (async () => {
    let text = ''
    for await (const chunk of reader) {
      text += chunk
      const messages = text.split('\n\n')
      text = messages.pop() ?? ''
      for (const message of messages) {
        const [, data] = /^data: (.*)$/m.exec(message) ?? []
        if (data) onEvent(JSON.parse(data))
      }
    }
  })().catch(() => undefined)
}

describe('a service that goes down and comes back', () => {
  type Body = { status: string; alerts: { status: string; labels: Record<string, string>; annotations: Record<string, string> }[] }
  const events = createInbox<StreamEvent>()
  const notifications = createInbox<Body>()
  const dataDir = newFolder()
  let service: Awaited<ReturnType<typeof startServer>>
  let receiver: Server & { url: string }
  let collector: Running
  let alertId = ''

  const yaml = () => `
components:
  - { name: shop, type: http, url: "${service.url}", interval: 1s, timeout: 1m, failureThreshold: 1, successThreshold: 1 }
receivers: [{ name: ops, type: webhook, url: "${receiver.url}" }]
route: { receiver: ops, group_wait: 0s, group_interval: 1s }
`
  const start = () => startCollector({ store: 'duckdb', dataDir, yaml: yaml() })
  const alertNow = async () => {
    const { alerts } = (await (await fetch(`${collector.url}/api/v1/alerts?label=component=shop`)).json()) as { alerts: Alert[] }
    return alerts[0]
  }
  const isShop = (event: StreamEvent, state: string) =>
    event.type === 'health' && event.component.name === 'shop' && event.component.state === state

  beforeAll(async () => {
    service = await startServer(await findFreePort())
    receiver = await startServer(0, (body) => notifications.take(JSON.parse(body)))
    collector = await start()
    await listenTo(collector.url, events.take)
  })
  afterAll(async () => {
    await collector.stop()
    service.close()
    receiver.close()
  })

  it('is green while it answers, and the collector is on its own timeline', async () => {
    await events.until((event) => isShop(event, 'up'))
    const { deployments } = (await (await fetch(`${collector.url}/api/v1/deployments`)).json()) as { deployments: { service: string }[] }
    expect(deployments.map((deployment) => deployment.service)).toEqual(['tidewatch'])
  })

  it('turns red, fires one alert that names the deployment before it, and tells the receiver', async () => {
    const deployment = { service: 'shop', version: '1.4.2', actor: 'jane' }
    expect((await post<{ id: string }>(`${collector.url}/api/v1/deployments`, deployment)).status).toBe(201)
    await events.until((event) => event.type === 'deployment' && event.deployment.service === 'shop')
    service.close()
    service.closeAllConnections()

    await events.until((event) => isShop(event, 'down'))
    const fired = await events.until(
      (event) => event.type === 'alert' && event.alert.state === 'firing' && event.alert.labels.component === 'shop',
    )
    // A busy machine's collector may be late, and tells that, too.
    const isAboutShop = ({ labels }: Body['alerts'][number]) => labels.component === 'shop'
    await notifications.until(({ status, alerts }) => status === 'firing' && alerts.filter(isAboutShop).length === 1)
    alertId = fired.type === 'alert' ? fired.alert.id : ''
    expect((await alertNow())?.cause?.summary).toContain('1.4.2')
    const overall = (await (await fetch(`${collector.url}/api/v1/health`)).json()) as { status: string }
    expect(overall.status).toBe('CRITICAL')
  })

  it('keeps who acknowledged it over a restart', async () => {
    const acknowledged = await post<Alert>(`${collector.url}/api/v1/alerts/${alertId}/ack`, { actor: 'jane', comment: 'on it', for: '2h' })
    expect([acknowledged.status, acknowledged.body.acknowledgedBy]).toEqual([200, 'jane'])
    await collector.stop()
    collector = await start()
    expect(await alertNow()).toMatchObject({ id: alertId, state: 'firing', acknowledgedBy: 'jane', acknowledgeComment: 'on it' })
    await listenTo(collector.url, events.take)
  })

  it('turns green again and tells the receiver that it is over', async () => {
    service = await startServer(service.port)
    await notifications.until(({ alerts }) => alerts.some(({ status, labels }) => status === 'resolved' && labels.component === 'shop'))
    expect(await alertNow()).toBeUndefined()
    const past = (await (await fetch(`${collector.url}/api/v1/alerts?past=true`)).json()) as { alerts: Alert[] }
    expect(past.alerts.map(({ id, state }) => [id, state])).toContainEqual([alertId, 'resolved'])
  })

  it('has left its states and alerts in the store, for any graph', async () => {
    const range = { from: Date.now() - 600_000, to: Date.now() + 1000 }
    type Frames = { results: { A: { frames: { fields: { name: string; values: unknown[] }[] }[] } } }
    const queries = [{ refId: 'A', kind: 'health', view: 'history', components: ['shop'] }]
    const { body } = await post<Frames>(`${collector.url}/api/v1/query`, { range, queries })
    const states = body.results.A.frames[0]?.fields.find(({ name }) => name === 'state')?.values ?? []
    expect(states.slice(0, 2)).toEqual(['up', 'down'])
  })
})
