import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { newFolder, spawnCollector, startCollector, valuesOf } from './collector.ts'
import { hasInfluxd, startInfluxd } from './influxd.ts'

const order = { measurement: 'orders', fields: { revenue: 49.9 } }
const push = (url: string, key: string) =>
  fetch(`${url}/api/v1/push`, { method: 'POST', body: JSON.stringify({ points: [order] }), headers: { 'idempotency-key': key } })

/** Stands before an InfluxDB and calls back when that has stored a write that matches, before the answer goes on. */
async function startGate(target: string, isMeant: (body: string) => boolean, onStored: () => void) {
  const server = createServer(async (asked, answer) => {
    const body = Buffer.concat(await asked.toArray())
    const { method, headers } = asked
    const onward = request(new URL(asked.url ?? '/', target), { method, headers }, (answered) => {
      if (isMeant(body.toString())) return onStored()
      answer.writeHead(answered.statusCode ?? 500, answered.headers)
      answered.pipe(answer)
    })
    onward.end(body)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => server.close().closeAllConnections(),
  }
}

describe('a push with an idempotency key', () => {
  it('counts once, however often and at whatever moment it comes', async () => {
    const { url, stop } = await startCollector({ store: 'duckdb' })
    const answers = await Promise.all(Array.from({ length: 10 }, () => push(url, 'order-1')))
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200))
    await push(url, 'order-2')
    expect(await valuesOf(url, 'orders', 'revenue')).toEqual([49.9, 49.9])
    await stop()
  })

  it.skipIf(!hasInfluxd)('counts once when the collector is killed after the store had it and before the answer', async () => {
    const influxd = await startInfluxd()
    let kill = () => {}
    const gate = await startGate(
      influxd.url,
      (body) => body.includes('orders '),
      () => kill(),
    )
    const dataDir = newFolder()
    const first = await spawnCollector(['--data', dataDir, '--store', 'influxdb'], { TIDEWATCH_INFLUX_URL: gate.url })
    kill = () => void first.child.kill('SIGKILL')
    await expect(push(first.url, 'order-1')).rejects.toThrow()
    await first.exited
    gate.stop()
    const { url, stop } = await startCollector({ store: 'influxdb', env: { TIDEWATCH_INFLUX_URL: influxd.url }, dataDir })
    expect(await valuesOf(url, 'orders', 'revenue')).toEqual([49.9])
    expect((await push(url, 'order-1')).status).toBe(200)
    expect((await push(url, 'order-1')).headers.get('idempotency-replayed')).toBe('true')
    expect(await valuesOf(url, 'orders', 'revenue')).toEqual([49.9])
    await stop()
    await influxd.stop()
  })
})
