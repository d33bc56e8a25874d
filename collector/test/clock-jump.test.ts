import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { newFolder, spawnCollector } from './collector.ts'
import { hasInfluxd, startInfluxd } from './influxd.ts'
import { startLoad } from './load.ts'
import { drained, spoolOf, until } from './spool-status.ts'

const hook = join(import.meta.dirname, 'set-clock.mjs')

/** Whether the process has seen its clock being set: its own answers carry the time. */
const isSetBy = (url: string, hours: number) =>
  until(async () => {
    const { data } = (await (await fetch(`${url}/prometheus/api/v1/query?query=1%2B1`)).json()) as { data: { result: [number, string] } }
    return Math.round((data.result[0] - Date.now() / 1000) / 3600) === hours
  })

describe.skipIf(!hasInfluxd)('a clock that is set while InfluxDB is away', () => {
  it.each([
    { way: 'forth', signal: 'SIGUSR2', hours: 1 },
    { way: 'back', signal: 'SIGWINCH', hours: -1 },
  ] as const)('an hour $way: nothing is lost, and the spool is drained when it is back', async ({ signal, hours }) => {
    const influxd = await startInfluxd()
    const env = { TIDEWATCH_INFLUX_URL: influxd.url, NODE_OPTIONS: `--import ${hook}` }
    const { url, child, exited } = await spawnCollector(['--data', newFolder(), '--store', 'influxdb'], env)
    const load = startLoad({ address: () => url })
    await load.more(500)
    await influxd.kill('SIGKILL')
    await load.more(500)
    expect((await spoolOf(url)).bytes).toBeGreaterThan(0)
    child.kill(signal)
    await isSetBy(url, hours)
    await load.more(500)
    await influxd.restart()
    await load.more(500)
    await load.stop()
    // The longest back-off is half a minute; an hour's stall would end the test.
    await drained(url)
    await load.expectAllFound(url)
    child.kill('SIGTERM')
    expect(await exited).toBe(0)
    await influxd.stop()
  })
})
