/**
 * How fast line protocol becomes columns, beside a parser that splits strings. Run by hand:
 * `node collector/bench/line-protocol.bench.ts`
 */
import { createBatchBuilder } from '../src/ingest/batch-builder.ts'
import { scanLineProtocol } from '../src/ingest/line-protocol/scan.ts'
import { createSeriesTable, fieldOf } from '../src/ingest/series-table.ts'

const lines = 5000
const seriesCount = 1000
const rounds = 9

/** 1,000 series with 3 tags and 4 float fields, as in the product's other measurements. */
function createBody(seriesOfLine: (line: number) => number): Buffer {
  const text: string[] = []
  for (let line = 0; line < lines; line++) {
    const host = seriesOfLine(line)
    const time = 1_795_231_147_180_000_000n + BigInt(line) * 1_000_003n
    const [user, system, iowait, idle] = [12.5, 3.25, 0.125, 84.1].map((base) => (base + (line % 97) / 8).toFixed(3))
    const tags = `host=server-${host},region=eu-${host % 7},service=api-${host % 13}`
    text.push(`cpu,${tags} usage_user=${user},usage_system=${system},usage_iowait=${iowait},usage_idle=${idle} ${time}\n`)
  }
  return Buffer.from(text.join(''))
}

type SplitPoint = { measurement: string; tags: Record<string, string>; fields: Record<string, number>; time: bigint }

function splitParse(body: Buffer): SplitPoint[] {
  const points: SplitPoint[] = []
  for (const line of body.toString('utf8').split('\n')) {
    if (line === '') continue
    const [key = '', fieldText = '', time = '0'] = line.split(' ')
    const [measurement = '', ...tagTexts] = key.split(',')
    const fields: [string, number][] = fieldText.split(',').map((text) => {
      const [name = '', value] = text.split('=')
      return [name, Number(value)]
    })
    const tags: [string, string][] = tagTexts.map((text) => text.split('=') as [string, string])
    points.push({ measurement, tags: Object.fromEntries(tags), fields: Object.fromEntries(fields), time: BigInt(time) })
  }
  return points
}

/** CPU-seconds per million points. */
function measure(run: () => void, times: number): number {
  const before = process.cpuUsage()
  for (let i = 0; i < times; i++) run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / (times * lines)
}

const table = createSeriesTable()
const scan = (body: Buffer) => () => {
  const builder = createBatchBuilder((id) => fieldOf(table, id))
  scanLineProtocol(body, table, builder, { precision: 'ns', nowNs: 0n })
}
const body = createBody((line) => line % seriesCount)
// Every batch has another order, so that nothing can be guessed from the batch before.
const shuffled = [7919, 104_729, 1_299_709, 15_485_863].map((prime) => createBody((line) => (line * line * prime) % seriesCount))
const shuffledScans = shuffled.map(scan)
let turn = 0
const runs = {
  'scan, usual order': { run: scan(body), times: 60 },
  'scan, no order': { run: () => shuffledScans[turn++ % shuffledScans.length]?.(), times: 60 },
  split: { run: () => void splitParse(body), times: 8 },
}
const results = Object.entries(runs).map(([name, one]) => ({ name, ...one, values: [] as number[] }))
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0

for (const { run, times } of results) measure(run, times * 2)
for (let round = 0; round < rounds; round++) for (const { run, times, values } of results) values.push(measure(run, times))
console.log(`CPU-seconds per million points of ${(body.length / lines).toFixed(0)} bytes and 4 fields: median [least..most] of ${rounds}`)
const splitMedian = median(results.at(-1)?.values ?? [])
for (const { name, values } of results) {
  const spread = `[${Math.min(...values).toFixed(3)}..${Math.max(...values).toFixed(3)}]`
  const rate = `${(1 / median(values)).toFixed(2)} M points/s/core`
  console.log(`${name.padEnd(18)} ${median(values).toFixed(3)} ${spread}  ${rate}  1/${(splitMedian / median(values)).toFixed(1)} of split`)
}
