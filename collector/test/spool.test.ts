import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { newFolder, runCommand, spawnCollector, startCollector, valuesOf } from './collector.ts'
import { hasInfluxd, startInfluxd } from './influxd.ts'

const writers = ['w0', 'w1', 'w2', 'w3']
const pointsPerBatch = 50

type Status = { spool: { bytes: number; ageSeconds: number; quarantined: number } }
const spoolOf = async (url: string) => ((await (await fetch(`${url}/api/v1/status`)).json()) as Status).spool

/** Asks again until it holds; every question goes over the network, so this does not spin. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const giveUpAt = Date.now() + 60_000; !(await holds()); ) if (Date.now() > giveUpAt) throw new Error('it never came')
}

/** Pushes until told to stop; every answer must be a 2xx unless the collector itself is gone. */
function startWriters(address: () => string, mayVanish = false) {
  const acknowledged = new Map(writers.map((writer) => [writer, new Set<number>()]))
  let stopped = false
  async function push(writer: string): Promise<void> {
    for (let batch = 0; !stopped; batch++) {
      const ids = Array.from({ length: pointsPerBatch }, (_, index) => batch * pointsPerBatch + index)
      const body = ids.map((id) => `load,writer=${writer} id=${id}i ${1_700_000_000_000 + id}`).join('\n')
      const answer = await fetch(`${address()}/write?db=a&precision=ms`, { method: 'POST', body }).catch((thrown) => {
        if (!mayVanish) throw thrown
      })
      if (answer && answer.status !== 204 && !mayVanish) throw new Error(`answered ${answer.status}: ${await answer.text()}`)
      if (answer?.status === 204) for (const id of ids) acknowledged.get(writer)?.add(id)
    }
  }
  const done = Promise.all(writers.map(push))
  const total = () => [...acknowledged.values()].reduce((sum, ids) => sum + ids.size, 0)
  return {
    acknowledged,
    total,
    more: (points: number) => {
      const goal = total() + points
      return until(async () => {
        await fetch(`${address()}/livez`).catch(() => undefined)
        return total() >= goal
      })
    },
    stop: async () => {
      stopped = true
      await done
    },
  }
}

async function expectAllFound(url: string, acknowledged: ReadonlyMap<string, ReadonlySet<number>>): Promise<void> {
  for (const [writer, ids] of acknowledged) {
    const found = (await valuesOf(url, 'load', 'id', [{ tag: 'writer', op: '=', value: writer }])).map(Number)
    expect(new Set(found).size, `${writer}: none twice`).toBe(found.length)
    const stored = new Set(found)
    expect(
      [...ids].filter((id) => !stored.has(id)),
      `${writer}: none lost of ${ids.size}`,
    ).toEqual([])
  }
}

describe.skipIf(!hasInfluxd)('with a real InfluxDB', () => {
  it('acknowledges through its kills and finds every acknowledged point afterwards', async () => {
    const influxd = await startInfluxd()
    const { url, stop } = await startCollector({ store: 'influxdb', env: { TIDEWATCH_INFLUX_URL: influxd.url } })
    const load = startWriters(() => url)
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
    await until(async () => (await spoolOf(url)).bytes === 0)
    await expectAllFound(url, load.acknowledged)
    await stop()
    await influxd.stop()
  })

  it('finds them although the collector is killed, too, while InfluxDB is away', async () => {
    const influxd = await startInfluxd()
    const args = ['--data', newFolder(), '--store', 'influxdb']
    const env = { TIDEWATCH_INFLUX_URL: influxd.url }
    const first = await spawnCollector(args, env)
    let { url } = first
    const load = startWriters(() => url, true)
    await load.more(1000)
    await influxd.kill('SIGKILL')
    await load.more(1000)
    first.child.kill('SIGKILL')
    await first.exited
    const second = await spawnCollector(args, env)
    url = second.url
    await load.more(1000)
    await load.stop()
    await influxd.restart()
    await until(async () => (await spoolOf(url)).bytes === 0)
    await expectAllFound(url, load.acknowledged)
    second.child.kill('SIGTERM')
    expect(await second.exited).toBe(0)
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
    await until(async () => (await spoolOf(url)).bytes === 0)
    expect((await spoolOf(url)).quarantined).toBe(1)
    expect(await valuesOf(url, 'other', 'v')).toEqual([1])

    const listed = await runCommand(['spool', 'list', '--data', dataDir])
    expect(listed.out).toMatch(/^\d+-\d+ {2}\S+ {2}1 points, \d+ bytes\n {2}field type conflict: /)
    const [id = ''] = /^\S+/.exec(listed.out) ?? []
    expect((await runCommand(['spool', 'show', id, '--data', dataDir])).out).toMatch(/mixed v="text" 1700000000000000002\n$/)
    const refused = await runCommand(['spool', 'replay', id, '--data', dataDir, '--url', url])
    expect([refused.code, refused.errors]).toEqual([1, expect.stringContaining('field type conflict')])
    expect(await (await fetch(`${influxd.url}/query?db=tidewatch&q=DROP%20MEASUREMENT%20mixed`, { method: 'POST' })).status).toBe(200)
    const taken = await runCommand(['spool', 'replay', '--all', '--data', dataDir, '--url', url])
    expect([taken.code, taken.out]).toEqual([0, `${id}: 1 points were taken.\n`])
    expect(await valuesOf(url, 'mixed', 'v')).toEqual(['text'])
    expect((await runCommand(['spool', 'list', '--data', dataDir])).out).toBe('The quarantine is empty.\n')
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
    await until(async () => (await spoolOf(url)).bytes === 0)
    const [file = ''] = readdirSync(join(dataDir, 'spool/quarantine'))
    expect(readFileSync(join(dataDir, 'spool/quarantine', file), 'utf8')).toContain('retention policy not found')
    await stop()
    await influxd.stop()
  })
})
