import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { newFolder, runCommand, startCollector, valuesOf } from './collector.ts'
import { hasInfluxd, startInfluxd } from './influxd.ts'
import { startLoad } from './load.ts'
import { drained, spoolOf } from './spool-status.ts'

describe.skipIf(!hasInfluxd)('with a real InfluxDB', () => {
  it('acknowledges through its kills and finds every acknowledged point afterwards', async () => {
    const influxd = await startInfluxd()
    const { url, stop } = await startCollector({ store: 'influxdb', env: { TIDEWATCH_INFLUX_URL: influxd.url } })
    const load = startLoad({ address: () => url })
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      await load.more(1000)
      await influxd.kill(signal)
      await load.more(1000)
      expect((await spoolOf(url)).bytes).toBeGreaterThan(0)
      expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/^tidewatch_spool_bytes [1-9]/m)
      await influxd.restart()
      await load.more(1000)
    }
    await load.stop()
    await drained(url)
    await load.expectAllFound(url)
    await stop()
    await influxd.stop()
  })

  it('puts what InfluxDB refuses in quarantine, where the command shows it and sends it again', async () => {
    const influxd = await startInfluxd()
    const dataDir = newFolder()
    const { url, stop } = await startCollector({ store: 'influxdb', env: { TIDEWATCH_INFLUX_URL: influxd.url }, dataDir })
    const write = (body: string) => fetch(`${url}/write?db=a&precision=ns`, { method: 'POST', body })
    expect((await write('mixed v=1 1700000000000000001')).status).toBe(204)
    await influxd.kill('SIGKILL')
    expect((await write('mixed v="text" 1700000000000000002\nother v=1 1700000000000000001')).status).toBe(204)
    await influxd.restart()
    await drained(url)
    expect((await spoolOf(url)).quarantined).toBe(1)
    expect(await valuesOf(url, 'other', 'v')).toEqual([1])

    const listed = await runCommand(['spool', 'list', '--data', dataDir])
    expect(listed.out).toMatch(/^\d+-\d+ {2}\S+ {2}1 point, \d+ bytes\n {2}field type conflict: /)
    const [id = ''] = /^\S+/.exec(listed.out) ?? []
    expect((await runCommand(['spool', 'show', id, '--data', dataDir])).out).toMatch(/mixed v="text" 1700000000000000002\n$/)
    const refused = await runCommand(['spool', 'replay', id, '--data', dataDir, '--url', url])
    expect([refused.code, refused.errors]).toEqual([1, expect.stringContaining('field type conflict')])
    expect(await (await fetch(`${influxd.url}/query?db=tidewatch&q=DROP%20MEASUREMENT%20mixed`, { method: 'POST' })).status).toBe(200)
    const taken = await runCommand(['spool', 'replay', '--all', '--data', dataDir, '--url', url])
    expect([taken.code, taken.out]).toEqual([0, `${id}: taken, 1 point.\n`])
    expect(await valuesOf(url, 'mixed', 'v')).toEqual(['text'])
    expect((await runCommand(['spool', 'list', '--data', dataDir])).out).toBe('The quarantine is empty.\n')
    const elsewhere = await runCommand(['spool', 'list', '--data', join(dataDir, 'elsewhere')])
    expect([elsewhere.code, elsewhere.errors]).toEqual([1, expect.stringContaining('give --config or --data as for the collector')])
    await stop()
    await influxd.stop()
  })

  it('does not wait for ever for a retention policy that does not exist', async () => {
    const influxd = await startInfluxd()
    const dataDir = newFolder()
    const yaml = `store:\n  type: influxdb\n  url: ${influxd.url}\n  retentionPolicy: nope\nsources: []\n`
    const { url, stop } = await startCollector({ store: 'influxdb', yaml, dataDir })
    const answer = await fetch(`${url}/write?db=a`, { method: 'POST', body: 'a v=1' })
    expect([answer.status, await answer.text()]).toEqual([502, expect.stringContaining('retention policy not found')])
    await influxd.kill('SIGKILL')
    expect((await fetch(`${url}/write?db=a`, { method: 'POST', body: 'a v=1' })).status).toBe(204)
    await influxd.restart()
    await drained(url)
    const [file = ''] = readdirSync(join(dataDir, 'spool/quarantine'))
    expect(readFileSync(join(dataDir, 'spool/quarantine', file), 'utf8')).toContain('retention policy not found')
    await stop()
    await influxd.stop()
  })
})
