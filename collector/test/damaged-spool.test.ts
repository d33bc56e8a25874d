import { appendFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { newFolder, runCommand, startCollector, valuesOf } from './collector.ts'
import { hasInfluxd, startInfluxd } from './influxd.ts'
import { drained, spoolOf, until } from './spool-status.ts'

const batches = 5
const pointsPerBatch = 20

/** Flips one bit in the last record, which was acknowledged. */
function flipBit(path: string): void {
  const bytes = readFileSync(path)
  const at = bytes.length - 10
  bytes[at] = (bytes[at] ?? 0) ^ 1
  writeFileSync(path, bytes)
}

/** Half a record, as a power cut leaves one that nobody was answered for. */
const tearEnd = (path: string) => appendFileSync(path, readFileSync(path).subarray(0, 100))
const addZeros = (path: string) => appendFileSync(path, Buffer.alloc(5000))
const cutEnd = (path: string) => truncateSync(path, readFileSync(path).length - 7)

describe.skipIf(!hasInfluxd)('the last segment of the spool', () => {
  it.each([
    { what: 'has a flipped bit', harm: flipBit, lost: 1, damaged: 1 },
    { what: 'ends in half a record', harm: tearEnd, lost: 0, damaged: 0 },
    { what: 'ends in zeros', harm: addZeros, lost: 0, damaged: 0 },
    { what: 'lost its end', harm: cutEnd, lost: 1, damaged: 0 },
  ])('$what: what is whole is delivered, and damage is told', async ({ harm, lost, damaged }) => {
    const influxd = await startInfluxd()
    const dataDir = newFolder()
    const yaml = `store: { type: influxdb, url: '${influxd.url}' }\nsources: []\ncomponents: []\n`
    const first = await startCollector({ store: 'influxdb', yaml, dataDir })
    // The collector writes down its own start; the spool's last record shall be one of ours.
    await until(async () => (await valuesOf(first.url, 'deployments', 'version')).length > 0)
    await influxd.kill('SIGKILL')
    for (let batch = 0; batch < batches; batch++) {
      const ids = Array.from({ length: pointsPerBatch }, (_, index) => batch * pointsPerBatch + index)
      const body = ids.map((id) => `spooled id=${id}i ${1_700_000_000_000 + id}`).join('\n')
      expect((await fetch(`${first.url}/write?db=a&precision=ms`, { method: 'POST', body })).status).toBe(204)
    }
    await first.stop()
    const [segment = ''] = readdirSync(join(dataDir, 'spool')).filter((name) => name.endsWith('.spool'))
    harm(join(dataDir, 'spool', segment))

    await influxd.restart()
    const second = await startCollector({ store: 'influxdb', yaml, dataDir })
    await drained(second.url)
    const found = (await valuesOf(second.url, 'spooled', 'id')).map(Number)
    expect(found).toEqual(Array.from({ length: (batches - lost) * pointsPerBatch }, (_, id) => id))
    expect((await spoolOf(second.url)).damaged).toBe(damaged)
    expect(await (await fetch(`${second.url}/metrics`)).text()).toContain(`tidewatch_spool_damaged_files ${damaged}\n`)
    const { out } = await runCommand(['spool', 'list', '--data', dataDir])
    const told = damaged === 0 ? '' : `damaged: ${join(dataDir, 'spool', segment)}.damaged, `
    expect(out.startsWith(`The quarantine is empty.\n${told}`) && out.includes('damaged') === damaged > 0).toBe(true)
    await second.stop()
    await influxd.stop()
  })
})
