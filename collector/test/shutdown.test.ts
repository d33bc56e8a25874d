import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { newFolder, type Spawned, spawnCollector } from './collector.ts'
import { startInfluxProxy } from './influx-proxy.ts'
import { hasInfluxd, startInfluxd } from './influxd.ts'
import { startLoad } from './load.ts'
import { drained, until } from './spool-status.ts'

/** Told when the end begins, and when the process is gone. */
type Hooks = { readonly ending?: () => void; readonly ended?: () => void }

/** Ends the collector while every connection has a request under way, and starts it again. */
async function endUnderLoad(args: readonly string[], env: Readonly<Record<string, string>> = {}, hooks: Hooks = {}) {
  const first = await spawnCollector(args, env)
  // A connection that is never idle must not keep the process alive.
  await (await fetch(`${first.url}/api/v1/stream`)).body?.getReader().read()
  const back = Promise.withResolvers<string>()
  let address: string | Promise<string> = first.url
  const load = startLoad({ address: () => address, mayVanish: true, mayRefuse: [503] })
  await load.more(1000)
  hooks.ending?.()
  const beganMs = performance.now()
  first.child.kill('SIGTERM')
  // Twice, as Ctrl-C comes from a terminal and from npm.
  first.child.kill('SIGINT')
  address = back.promise
  const code = await first.exited
  const tookMs = performance.now() - beganMs
  hooks.ended?.()
  const second = await spawnCollector(args, env)
  back.resolve(second.url)
  await load.more(100)
  await load.stop()
  return { load, code, second, tookMs }
}

async function end({ child, exited }: Spawned): Promise<void> {
  child.kill('SIGTERM')
  expect(await exited).toBe(0)
}

/** Waits for InfluxDB much longer than anybody waits for a collector to end. */
const patient = 'store: { type: influxdb, timeout: 5m }\nspool: { slowAfter: 5m }\n'

describe('SIGTERM under load', () => {
  it('keeps what the embedded store acknowledged, and ends with 0', async () => {
    const { load, code, second } = await endUnderLoad(['--data', newFolder(), '--store', 'duckdb'])
    expect(code).toBe(0)
    await load.expectAllFound(second.url)
    await end(second)
  })

  it.skipIf(!hasInfluxd)('keeps what was acknowledged although InfluxDB hangs at that moment', async () => {
    const influxd = await startInfluxd()
    const proxy = await startInfluxProxy(influxd.url)
    const env = { TIDEWATCH_INFLUX_URL: proxy.url }
    const hooks = { ending: () => proxy.meetWith('hang'), ended: () => proxy.meetWith('pass') }
    const config = join(newFolder(), 'tidewatch.yaml')
    writeFileSync(config, patient)
    const args = ['--config', config, '--data', newFolder(), '--store', 'influxdb']
    const { load, code, second, tookMs } = await endUnderLoad(args, env, hooks)
    expect(code).toBe(0)
    // Containers are killed ten seconds after they were asked to stop. A second is enough here, but for a machine that has
    // much else to do; whoever waits for the store takes five minutes.
    expect(tookMs).toBeLessThan(60_000)
    await drained(second.url)
    await load.expectAllFound(second.url)
    await end(second)
    await proxy.stop()
    await influxd.stop()
  })
})

describe('a second SIGTERM', () => {
  it('ends a stop that takes too long for whoever waits', async () => {
    const { url, child, exited } = await spawnCollector(['--data', newFolder(), '--store', 'memory'])
    // A body that never ends keeps its connection busy.
    const slow = fetch(`${url}/write?db=a`, {
      method: 'POST',
      body: new ReadableStream({ pull: () => new Promise(() => {}) }),
      duplex: 'half',
    })
    slow.catch(() => undefined)
    await fetch(`${url}/livez`)
    child.kill('SIGTERM')
    await until(async () => {
      // Whoever presses again is asked over and over.
      await fetch(`${url}/livez`).catch(() => undefined)
      child.kill('SIGTERM')
      return child.exitCode !== null
    })
    expect(await exited).toBe(130)
  })
})
