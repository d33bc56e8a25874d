import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { newFolder, runCommand, startCollector } from './collector.ts'
import { hasInfluxd, startInfluxd } from './influxd.ts'

/** Without what the collector writes about itself. */
const january = ['--from', '2025-12-01', '--to', '2026-02-01']

/** Every type, its extremes, and text that needs escapes; the last two points are of later days. */
const given = [
  'm,host=a\\ b\\,c\\=d f=0.1,g=1e+300,i=9223372036854775807i,b=true 1767225600000000001',
  'm,host=a\\ b\\,c\\=d f=-5e-324,i=-9223372036854775808i,b=false 1767225600000000002',
  'other\\,\\ measure\\ ment,zone=eu s="line\nbreak, \\"quoted\\" \\\\ = é 🙂" 1767225601000000000',
  ...Array.from(
    { length: 300 },
    (_, i) => `cpu,host=h${i % 7} usage=${i / 100},steps=${i}i ${1767225600000000000n + BigInt(i) * 1_000_000_000n}`,
  ),
  'm f=2.5 1767312000000000000',
  'm f=3.5 1767398400000000000',
].join('\n')

const numbers = async (url: string, measurement: string) => {
  const question = new URLSearchParams({ measurement, from: '1700000000000', to: '1800000000000' })
  return (await (await fetch(`${url}/api/v1/export?${question}`)).text()).split('\n').sort()
}

async function start(body?: string, dataDir = newFolder()) {
  const collector = await startCollector({
    store: 'duckdb',
    dataDir,
    yaml: 'sources: []\nstore:\n  type: duckdb\n  retention: {categories: {}}\n',
  })
  if (body !== undefined) expect((await fetch(`${collector.url}/write?db=x&precision=ns`, { method: 'POST', body })).status).toBe(204)
  return collector
}

describe('export and import', () => {
  it('carry every value exactly to another collector, from sealed days and from a collector that does not run', async () => {
    const first = await start(`${given}\nm,host=u u=18446744073709551615u 1767225600000000003`)
    const file = join(newFolder(), 'points.lp.gz')
    const all = [...january, '--url', first.url]
    expect((await runCommand(['export', file, ...all])).code).toBe(0)
    const before = gunzipSync(readFileSync(file)).toString()
    expect(before).toContain('18446744073709551615u')
    const sealed = await runCommand(['seal', '--url', first.url])
    expect(sealed.out).toMatch(/^Sealed 3 days: /)
    const filtered = await runCommand(['export', ...all, '--where', 'host=h1', '--measurement', 'cpu', '--to', '2026-01-01T00:00:10Z'])
    expect(filtered.out).toBe('cpu,host=h1 steps=1i,usage=0.01 1767225601000000000\ncpu,host=h1 steps=8i,usage=0.08 1767225608000000000\n')
    const wrong = await runCommand(['export', ...all, '--where', 'nonsense'])
    expect([wrong.code, wrong.errors]).toEqual([1, expect.stringContaining('is not a filter')])
    await first.stop()
    const offline = join(newFolder(), 'again.lp')
    expect((await runCommand(['export', offline, ...january, '--data', first.dataDir])).code).toBe(0)
    expect(readFileSync(offline, 'utf8')).toBe(before)

    const second = await start()
    const imported = await runCommand(['import', file, '--url', second.url, '--batch', '50'])
    expect([imported.code, imported.errors]).toEqual([0, expect.stringMatching(/^Imported (\d+) of \1 kB\nSent: 306 lines\.$/m)])
    const copy = await runCommand(['export', ...january, '--url', second.url])
    expect(copy.out).toBe(before)
    await second.stop()
  })

  it('name the lines that are refused, and go on', async () => {
    const target = await start('m v=1 1767225600000000000')
    const file = join(newFolder(), 'bad.lp')
    writeFileSync(
      file,
      'm v=2 1767225600000000001\nm v="text" 1767225600000000002\nm v=3 1767225600000000003\nnonsense\nm v=4 1767225600000000004\n',
    )
    const { code, errors: stderr } = await runCommand(['import', file, '--url', target.url, '--batch', '2'])
    expect(code).toBe(1)
    expect(stderr).toContain('lines 2: ')
    expect(stderr).toContain('lines 4: ')
    expect((await numbers(target.url, 'm')).filter((line) => line !== '')).toHaveLength(4)
    await target.stop()
    const garbage = join(newFolder(), 'garbage.lp.gz')
    writeFileSync(garbage, 'not packed')
    for (const [name, reason] of [
      [`${garbage}.not-there`, 'no such file'],
      [garbage, 'incorrect header check'],
    ]) {
      const unread = await runCommand(['import', name ?? '', '--url', target.url])
      expect([unread.code, unread.errors.match(/tidewatch: Cannot read [^\n]*/)?.[0]]).toEqual([1, expect.stringContaining(reason ?? '')])
    }
    const gone = await runCommand(['import', file, '--url', target.url, '--retries', '0'])
    expect([gone.code, gone.errors]).toEqual([1, expect.stringContaining(`Nobody answers at ${target.url}`)])
  })

  it.skipIf(!hasInfluxd)('move everything to a real InfluxDB, where counts and values agree', async () => {
    const influxd = await startInfluxd()
    const query = async (q: string) =>
      await (await fetch(`${influxd.url}/query?${new URLSearchParams({ db: 'moved', epoch: 'ns', q })}`, { method: 'POST' })).text()
    await query('CREATE DATABASE moved')
    const first = await start(given)
    const file = join(newFolder(), 'points.lp')
    await runCommand(['export', file, ...january, '--url', first.url])
    const { code, errors: stderr } = await runCommand(['import', file, '--url', influxd.url, '--db', 'moved'])
    expect([code, stderr]).toEqual([0, expect.stringContaining('Sent: 305 lines.')])
    expect(await query('SELECT count(usage), sum(steps) FROM cpu')).toContain('[0,300,44850]')
    const m = await query('SELECT f, i FROM m')
    expect(m).toContain('[1767225600000000001,0.1,9223372036854775807]')
    expect(m).toContain('[1767225600000000002,-5e-324,-9223372036854775808]')
    const { results } = JSON.parse(await query('SELECT s FROM "other, measure ment"'))
    expect(results[0].series[0].values).toEqual([[1767225601000000000, 'line\nbreak, "quoted" \\ = é 🙂']])
    await first.stop()
    await influxd.stop()
  })
})
