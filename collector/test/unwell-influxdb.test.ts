import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newFolder, type Running, startCollector } from './collector.ts'
import { type Fate, type InfluxProxy, startInfluxProxy } from './influx-proxy.ts'
import { hasInfluxd, type Influxd, startInfluxd } from './influxd.ts'
import { startLoad } from './load.ts'
import { drained, spoolOf, until } from './spool-status.ts'

const overloaded: Fate = { status: 429, error: 'too many writes', retryAfter: '0.3' }
const broken: Fate = { status: 500, error: 'engine: it is broken' }

describe.skipIf(!hasInfluxd)('an InfluxDB that is unwell', () => {
  let influxd: Influxd
  let proxy: InfluxProxy
  let collector: Running
  const dataDir = newFolder()

  beforeEach(async () => {
    influxd = await startInfluxd()
    proxy = await startInfluxProxy(influxd.url)
    const yaml = `store: { type: influxdb, url: '${proxy.url}', timeout: 2s }\nspool: { slowAfter: 300ms }\nsources: []\n`
    collector = await startCollector({ store: 'influxdb', yaml, dataDir })
  })
  afterEach(async () => {
    await collector.stop()
    await proxy.stop()
    await influxd.stop()
  })

  /** So many writes meet this fate, and all others pass. */
  async function happens(fate: Fate, times: number): Promise<void> {
    proxy.meetWith(fate, times)
    await until(async () => (await fetch(`${collector.url}/livez`)).ok && proxy.met() === times)
  }

  it.each<[string, Fate, number]>([
    ['answers 500', broken, 2],
    ['answers 429 with Retry-After', overloaded, 2],
    ['takes a batch and loses the answer', 'lose the answer', 2],
    ['cuts the connection', 'cut', 2],
    ['takes a batch and never answers', 'hang', 2],
    ['takes a batch and breaks off its answer', 'break off', 2],
    ['takes a batch and drips its answer', 'drip', 2],
  ])('loses and doubles nothing, and refuses nobody, when it %s', async (_, fate, times) => {
    const load = startLoad({ address: () => collector.url })
    await load.more(500)
    await happens(fate, times)
    await load.more(500)
    await load.stop()
    await drained(collector.url)
    await load.expectAllFound(collector.url)
    expect((await spoolOf(collector.url)).quarantined).toBe(0)
  })
})
