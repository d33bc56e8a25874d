import { gzipSync } from 'node:zlib'
import { InfluxDB as InfluxClient2, Point } from '@influxdata/influxdb-client'
import { InfluxDBClient as InfluxClient3, Point as Point3 } from '@influxdata/influxdb3-client'
import { InfluxDB as InfluxClient1 } from 'influx'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { post, type Running, startCollector, valuesOf } from './collector.ts'
import { stores } from './stores.ts'

describe.each(stores)('with the $name store', ({ start }) => {
  let collector: Running
  let stopStore: () => Promise<void>
  beforeAll(async () => {
    const store = await start()
    stopStore = store.stop
    collector = await startCollector(store.options)
  })
  afterAll(async () => {
    await collector?.stop()
    await stopStore?.()
  })

  const line = (body: string | Buffer, headers: Record<string, string> = {}) =>
    fetch(`${collector.url}/write?db=any&precision=ms`, { method: 'POST', body: body as string, headers })

  it('takes points of the influx package and finds them', async () => {
    const client = new InfluxClient1({ host: '127.0.0.1', port: Number(new URL(collector.url).port), database: 'shop' })
    expect((await client.ping(5000))[0]?.online).toBe(true)
    await client.createDatabase('shop')
    expect(await client.getDatabaseNames()).toContain('shop')
    await client.writePoints([
      { measurement: 'from_influx', tags: { shop: 'eu' }, fields: { count: 1.5 } },
      { measurement: 'from_influx', tags: { shop: 'us' }, fields: { count: 2.5 } },
    ])
    expect((await valuesOf(collector.url, 'from_influx', 'count')).sort()).toEqual([1.5, 2.5])
  })

  it('takes points of @influxdata/influxdb-client, packed, and finds them', async () => {
    const client = new InfluxClient2({ url: collector.url, token: 'any', writeOptions: { gzipThreshold: 1 } })
    const writer = client.getWriteApi('org', 'bucket', 'ms')
    writer.writePoint(new Point('from_client2').tag('shop', 'eu').floatField('count', 3.5).stringField('note', 'two\nlines'))
    await writer.close()
    expect(await valuesOf(collector.url, 'from_client2', 'count')).toEqual([3.5])
    expect(await valuesOf(collector.url, 'from_client2', 'note')).toEqual(['two\nlines'])
  })

  it('takes points of @influxdata/influxdb3-client by both of its ways, and finds them', async () => {
    const client = new InfluxClient3({ host: collector.url, token: 'any', database: 'shop' })
    await client.write(Point3.measurement('from_client3').setTag('way', 'v2').setFloatField('count', 4.5))
    const noSync = { noSync: true, gzipThreshold: 1 }
    await client.write(Point3.measurement('from_client3').setTag('way', 'v3').setFloatField('count', 5.5), undefined, undefined, noSync)
    await client.close()
    expect((await valuesOf(collector.url, 'from_client3', 'count')).sort()).toEqual([4.5, 5.5])
  })

  it('takes line protocol as curl sends it, plain and packed, and finds it', async () => {
    expect((await line('from_curl,n=1 v=1 1795231147180', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(204)
    expect((await line(gzipSync('from_curl,n=1 v=2 1795231147181'), { 'content-encoding': 'gzip' })).status).toBe(204)
    expect(await valuesOf(collector.url, 'from_curl', 'v')).toEqual([1, 2])
  })

  it('takes JSON, plain and packed, and finds it', async () => {
    const point = (value: number, time: number) => ({
      points: [{ measurement: 'from_json', tags: { shop: 'eu' }, fields: { count: value }, time }],
    })
    expect(await post(`${collector.url}/api/v1/push`, point(1, 1795231147180))).toEqual({
      status: 200,
      body: { accepted: 1, rejected: [] },
    })
    const packed = await fetch(`${collector.url}/api/v1/push`, {
      method: 'POST',
      body: gzipSync(JSON.stringify(point(2, 1795231147181))),
      headers: { 'content-encoding': 'gzip', 'content-type': 'application/json' },
    })
    expect(packed.status).toBe(200)
    expect(await valuesOf(collector.url, 'from_json', 'count')).toEqual([1, 2])
  })

  it('keeps the good lines of a batch with a bad one, and names the bad one', async () => {
    const answer = await line('mixed,n=1 v=1 1795231147180\nthis is bad\nmixed,n=1 v=3 1795231147182')
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain("unable to parse 'this is bad'")
    expect(answer.headers.get('x-tidewatch-rejected-lines')).toBe('2')
    expect(await valuesOf(collector.url, 'mixed', 'v')).toEqual([1, 3])
  })

  it('keeps the good points of a JSON batch with a bad one, and names it by its index', async () => {
    const points = [
      { measurement: 'mixed_json', fields: { v: 1 } },
      { measurement: 'mixed_json', fields: {} },
      { measurement: 'mixed_json', tags: { n: 2 }, fields: { v: 2 } },
    ]
    const { status, body } = await post<{ accepted: number; rejected: { index: number }[] }>(`${collector.url}/api/v1/push`, { points })
    expect([status, body.accepted, body.rejected.map(({ index }) => index)]).toEqual([200, 2, [1]])
    expect((await valuesOf(collector.url, 'mixed_json', 'v')).sort()).toEqual([1, 2])
  })

  it('refuses a value of another type than its field has, and keeps the rest', async () => {
    expect((await line('typed,n=1 v=1 1795231147180')).status).toBe(204)
    const answer = await line('typed,n=1 v="text" 1795231147181\ntyped,n=1 w=5 1795231147181')
    expect(answer.status).toBe(400)
    expect(await answer.text()).toMatch(/partial write: .*type.*dropped=1/)
    expect(await valuesOf(collector.url, 'typed', 'v')).toEqual([1])
    expect(await valuesOf(collector.url, 'typed', 'w')).toEqual([5])
  })

  it('matches hostile names and values literally or refuses them', async () => {
    expect((await line('safe,host=a v=1 1795231147180')).status).toBe(204)
    const hostile = `a' OR '1'='1`
    expect(await valuesOf(collector.url, 'safe', 'v', [{ tag: 'host', op: '=', value: hostile }])).toEqual([])
    expect((await valuesOf(collector.url, `safe"; DROP MEASUREMENT "safe`, 'v').catch(() => [])).length).toBe(0)
    expect(await valuesOf(collector.url, 'safe', 'v')).toEqual([1])
  })
})
