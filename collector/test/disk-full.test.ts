import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { newFolder, post, type Spawned, spawnCollector, valuesOf } from './collector.ts'
import { hasInfluxd, startInfluxd } from './influxd.ts'
import { type Load, startLoad } from './load.ts'
import { type DiskKind, diskKinds, type SmallDisk } from './small-disk.ts'
import { drained, until } from './spool-status.ts'

const yaml = 'rules: [{ name: level, source: { measurement: tank, field: level }, aggregate: last, condition: { above: 90 } }]\n'

function configOf(text: string): string {
  const file = join(newFolder(), 'tidewatch.yaml')
  writeFileSync(file, text)
  return file
}

type Refusal = { readonly error: { readonly code: string; readonly message: string } }

/** What still works, and how everything else is refused. */
async function expectReadsAndAlerts(url: string): Promise<void> {
  // More than fits into what is left of the last block of a file.
  const points = Array.from({ length: 1000 }, (_, index) => ({ measurement: 'tank', fields: { level: 95 }, time: Date.now() - index }))
  const write = await fetch(`${url}/api/v1/push`, { method: 'POST', body: JSON.stringify({ points }) })
  const refused = (await write.json()) as Refusal
  expect([write.status, refused.error.code, write.headers.get('retry-after')]).toEqual([503, 'INGEST_FULL', '2'])
  expect(refused.error.message).toMatch(/ENOSPC|EFBIG/)
  // What cannot be kept is judged all the same.
  await until(async () => {
    const { alerts } = (await (await fetch(`${url}/api/v1/alerts`)).json()) as { alerts: { rule: string }[] }
    return alerts.some(({ rule }) => rule === 'level')
  })
  const deployment = await post<Refusal>(`${url}/api/v1/deployments`, { service: 'api', version: '2' })
  expect([deployment.status, deployment.body.error.code]).toEqual([507, 'STATE_UNWRITABLE'])
  expect((await fetch(`${url}/livez`)).status).toBe(200)
}

async function fillAndMakeRoom(disk: SmallDisk, { child, url }: Spawned, load: Load): Promise<void> {
  await load.more(1000)
  disk.fill(child.pid ?? 0)
  await load.refused(20)
  await expectReadsAndAlerts(url)
  expect(child.exitCode).toBeNull()
  disk.makeRoom(child.pid ?? 0)
  await load.more(1000)
  expect((await post(`${url}/api/v1/deployments`, { service: 'api', version: '2' })).status).toBe(201)
}

async function end({ child, exited }: Spawned): Promise<void> {
  child.kill('SIGTERM')
  expect(await exited).toBe(0)
}

describe.each(diskKinds)('$name', ({ create }: DiskKind) => {
  it('stops the writing of the embedded store, and nothing else; with room all acknowledged points are there', async () => {
    const disk = create()
    onTestFinished(disk.dispose)
    const args = ['--data', disk.directory, '--store', 'duckdb', '--config', configOf(yaml)]
    const first = await spawnCollector(args)
    const load = startLoad({ address: () => first.url, mayRefuse: [503] })
    await fillAndMakeRoom(disk, first, load)
    await load.stop()
    await drained(first.url)
    await load.expectAllFound(first.url)
    await end(first)
    const second = await spawnCollector(args)
    await load.expectAllFound(second.url)
    await end(second)
  })

  it.skipIf(!hasInfluxd)('stops the spool, and nothing else; with room all acknowledged points are there', async () => {
    const disk = create()
    onTestFinished(disk.dispose)
    const influxd = await startInfluxd()
    const args = ['--data', disk.directory, '--store', 'influxdb', '--config', configOf(yaml)]
    const collector = await spawnCollector(args, { TIDEWATCH_INFLUX_URL: influxd.url })
    const load = startLoad({ address: () => collector.url, mayRefuse: [503] })
    await load.more(1000)
    await influxd.kill('SIGKILL')
    await fillAndMakeRoom(disk, collector, load)
    await influxd.restart()
    await load.stop()
    await drained(collector.url)
    await load.expectAllFound(collector.url)
    expect((await valuesOf(collector.url, 'load', 'id')).length).toBeGreaterThan(0)
    await end(collector)
    await influxd.stop()
  })
})
