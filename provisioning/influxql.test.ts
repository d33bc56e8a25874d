import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFakeClock } from '../collector/src/lib/clock.ts'
import { createCpuGauge } from '../collector/src/sources/host/cpu.ts'
import { createDiskGauge } from '../collector/src/sources/host/disk.ts'
import type { HostPoint } from '../collector/src/sources/host/reading.ts'
import { hasInfluxd, type Influxd, startInfluxd } from '../collector/test/influxd.ts'
import { toKnown } from './checks.ts'
import { readTree } from './tree.ts'

const rules = toKnown(readTree()).alerting.groups.flatMap((group) => group.rules)
const startMs = Date.UTC(2026, 0, 1)
const minuteMs = 60_000

type Answer = { results: { error?: string; series?: { tags?: Record<string, string>; values: [number, number | null][] }[] }[] }

/** What the host source reads of a machine at a minute, its processor busy as told. */
function createHost(name: string, diskUsed: number) {
  const cpu = createCpuGauge()
  const disk = createDiskGauge()
  const ticks = { busy: 0, idle: 0 }
  return async (minute: number, busyShare: number): Promise<string[]> => {
    ticks.busy += 6000 * busyShare
    ticks.idle += 6000 * (1 - busyShare)
    const files: Record<string, string> = {
      '/proc/stat': `cpu  ${ticks.busy} 0 0 ${ticks.idle} 0 0 0 0 0 0\n`,
      '/proc/self/mounts': '/dev/vda1 /data ext4 rw 0 0',
    }
    const blocks = { bsize: 4096, blocks: 1000, bfree: 1000 - diskUsed, bavail: 1000 - diskUsed, files: 10, ffree: 5 }
    const clock = createFakeClock(startMs + minute * minuteMs)
    const warn = (problem: string) => {
      throw new Error(problem)
    }
    const doors = { readFile: async (path: string) => files[path] ?? '', statfs: async () => blocks, clock, warn }
    const points = [...(await cpu(doors)), ...(await disk(doors))]
    return points.map((point) => toLine(point, name, clock.now()))
  }
}

function toLine({ measurement, tags, fields }: HostPoint, host: string, timeMs: number): string {
  const labels = Object.entries({ ...tags, host }).map(([key, value]) => `,${key}=${value}`)
  const values = Object.entries(fields).map(([key, value]) => `${key}=${typeof value === 'bigint' ? `${value}i` : value}`)
  return `${measurement}${labels.join('')} ${values.join()} ${timeMs}`
}

describe.skipIf(!hasInfluxd)('the queries of the alert rules, asked of a real InfluxDB', () => {
  let influxd: Influxd

  /** As Grafana asks it: its macros filled in, the last value of each series taken. */
  async function ask(uid: string): Promise<Map<string, number>> {
    const rule = rules.find((candidate) => candidate.uid === uid)
    const query = (rule?.data[0].model.query ?? '')
      .replace('$timeFilter', `time >= ${startMs}ms AND time <= ${startMs + 10 * minuteMs}ms`)
      .replace('$__interval', '60s')
    const answer = await fetch(`${influxd.url}/query?db=tidewatch&epoch=ms&q=${encodeURIComponent(query)}`)
    const [result] = ((await answer.json()) as Answer).results
    expect(result?.error).toBeUndefined()
    return new Map(
      (result?.series ?? []).map(({ tags, values }) => [
        [tags?.host, tags?.path, tags?.service].filter(Boolean).join(),
        values.map(([, value]) => value).findLast((value) => value !== null) ?? Number.NaN,
      ]),
    )
  }

  beforeAll(async () => {
    influxd = await startInfluxd()
    await fetch(`${influxd.url}/query?q=CREATE+DATABASE+tidewatch`, { method: 'POST' })
    const [calm, busy] = [createHost('calm', 200), createHost('busy', 970)]
    const lines: string[] = []
    for (let minute = 0; minute < 10; minute++) lines.push(...(await calm(minute, 0.1)), ...(await busy(minute, 0.95)))
    const written = await fetch(`${influxd.url}/write?db=tidewatch&precision=ms`, { method: 'POST', body: lines.join('\n') })
    expect(written.status).toBe(204)
  }, 60_000)
  afterAll(() => influxd.stop())

  it('host-cpu-high gives one series a host, and only the busy one has less than 10 % idle', async () => {
    const values = await ask('tidewatch-host-cpu-high')
    expect([...values.keys()].sort()).toEqual(['busy', 'calm'])
    expect(values.get('calm')).toBeCloseTo(90)
    expect(values.get('busy')).toBeCloseTo(5)
  })

  it('web-errors gives the percentage of each service over the window, and nothing where little happened', async () => {
    const lines = [
      ...[0, 3, 9].map(
        (minute) => `http_server,service=shop,environment=prod,host=a count=50i,error_count=5i ${startMs + minute * minuteMs}`,
      ),
      `http_server,service=shop,environment=prod,host=b count=50i,error_count=1i ${startMs + minuteMs}`,
      `http_server,service=quiet,environment=prod,host=a count=19i,error_count=19i ${startMs + minuteMs}`,
    ]
    const written = await fetch(`${influxd.url}/write?db=tidewatch&precision=ms`, { method: 'POST', body: lines.join('\n') })
    expect(written.status).toBe(204)
    const values = await ask('tidewatch-web-errors')
    expect([...values.keys()]).toEqual(['shop'])
    expect(values.get('shop')).toBeCloseTo(8)
  })

  it('host-disk-full gives one series a mount, and only the full one is above the threshold', async () => {
    const values = await ask('tidewatch-host-disk-full')
    expect([...values.keys()].sort()).toEqual(['busy,/data', 'calm,/data'])
    expect(values.get('calm,/data')).toBeCloseTo(20)
    expect(values.get('busy,/data')).toBeCloseTo(97)
  })
})
