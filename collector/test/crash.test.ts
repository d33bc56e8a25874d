import { describe, expect, it } from 'vitest'
import { newFolder, type Spawned, spawnCollector } from './collector.ts'
import { hasInfluxd, startInfluxd } from './influxd.ts'
import { type Load, startLoad } from './load.ts'
import { drained } from './spool-status.ts'

/** A collector that is killed and started again on the same data, and the load that it is under meanwhile. */
async function startVictim(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  let collector = await spawnCollector(args, env)
  let address = Promise.resolve(collector.url)
  const load = startLoad({ address: () => address, mayVanish: true })
  return {
    load,
    url: () => address,
    /** Dies with requests under way on every connection. */
    async kill(): Promise<void> {
      const back = Promise.withResolvers<Spawned>()
      address = back.promise.then(({ url }) => url)
      collector.child.kill('SIGKILL')
      expect(await collector.exited).toBeNull()
      collector = await spawnCollector(args, env)
      back.resolve(collector)
    },
    async stop(): Promise<void> {
      collector.child.kill('SIGTERM')
      expect(await collector.exited).toBe(0)
    },
  }
}

/** Kills at another moment each time: early, and when much was written. */
async function killInRounds(rounds: number, load: Load, kill: () => Promise<void>): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await load.more(50 + 350 * (round % 7))
    await kill()
  }
}

describe('kill -9 during ingest', () => {
  it('loses and doubles nothing of the embedded store in twenty rounds on the same data', async () => {
    const { load, kill, url, stop } = await startVictim(['--data', newFolder(), '--store', 'duckdb'])
    await killInRounds(20, load, kill)
    await load.more(50)
    await load.stop()
    await load.expectAllFound(await url())
    await stop()
  })

  it.skipIf(!hasInfluxd)('loses and doubles nothing between spool and InfluxDB', async () => {
    const influxd = await startInfluxd()
    const env = { TIDEWATCH_INFLUX_URL: influxd.url }
    const { load, kill, url, stop } = await startVictim(['--data', newFolder(), '--store', 'influxdb'], env)
    await killInRounds(2, load, kill)
    await influxd.kill('SIGKILL')
    await killInRounds(3, load, kill)
    await influxd.restart()
    await killInRounds(2, load, kill)
    await load.stop()
    await drained(await url())
    await load.expectAllFound(await url())
    await stop()
    await influxd.stop()
  })
})
