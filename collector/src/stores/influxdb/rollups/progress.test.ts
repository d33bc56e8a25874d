import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createFakeClock } from '../../../lib/clock.ts'
import { toTestBatch } from '../../contract/test-batch.ts'
import { levels, unitMs } from '../../shared/rollups/levels.ts'
import { rollupsSchema, toRollupOptions } from './options.ts'
import { createProgress } from './progress.ts'
import { writtenUnits } from './written-units.ts'

const hourMs = 3_600_000
const startMs = Date.UTC(2026, 0, 1)
const options = toRollupOptions(rollupsSchema.parse(true))
let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidewatch-progress-'))
})
afterEach(() => rm(directory, { recursive: true }))

async function open(source = 'one') {
  if (!options) throw new Error('true takes the defaults')
  const progress = createProgress({ path: join(directory, 'state.json'), source, clock: createFakeClock(startMs + 24 * hourMs), options })
  await progress.load()
  return progress
}

it('marks what is written to a stretch while it is made, and forgets a failed one not', async () => {
  const progress = await open()
  progress.begin(startMs)
  await progress.make({ from: startMs, to: startMs + hourMs }, () => progress.note([startMs + unitMs]))
  expect(progress.stale()).toEqual([{ from: startMs + unitMs, to: startMs + 2 * unitMs }])
  const [stale] = progress.stale()
  await expect(progress.make(stale ?? progress.covered(), () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(progress.stale()).toEqual([stale])
  expect(progress.usable(levels[0] ?? { name: '1m', widthMs: 60_000 })).toEqual([
    { from: startMs, to: startMs + unitMs },
    { from: startMs + 2 * unitMs, to: startMs + hourMs },
  ])
})

it('keeps the list of stale stretches short by joining neighbours', async () => {
  const progress = await open()
  progress.begin(startMs - 4000 * unitMs)
  await progress.make({ from: startMs - 4000 * unitMs, to: startMs }, async () => {})
  const units = Array.from({ length: 1500 }, (_, i) => startMs - (4000 - 2 * i) * unitMs)
  await progress.note(units)
  expect(progress.stale().length).toBe(1000)
  for (const unit of units) expect(progress.stale().some(({ from, to }) => from <= unit && unit < to)).toBe(true)
})

it('begins anew for another database, and with a file that cannot be read', async () => {
  const progress = await open()
  progress.begin(startMs)
  await progress.make({ from: startMs, to: startMs + 3 * hourMs }, async () => {})
  const covered = { from: startMs, to: startMs + 3 * hourMs }
  const again = await open()
  expect([again.covered(), again.stale()]).toEqual([covered, [{ from: startMs + 2 * hourMs, to: startMs + 3 * hourMs }]])
  expect((await open('another')).covered()).toEqual({ from: 0, to: 0 })
  await writeFile(join(directory, 'state.json'), (await readFile(join(directory, 'state.json'), 'utf8')).slice(0, -5))
  expect((await open()).covered()).toEqual({ from: 0, to: 0 })
})

it('finds the units of a batch, both of them for a time at their border, and none for text', () => {
  const at = (ms: number, fields: Readonly<Record<string, number | string>>) => ({ measurement: 'm', tags: {}, fields, timeNs: BigInt(ms) * 1_000_000n }) // biome-ignore format: one line
  const found = writtenUnits(
    toTestBatch([at(startMs + 1, { v: 1 }), at(startMs + unitMs, { v: 1 }), at(-1, { v: 1 }), at(9 * unitMs, { s: 'x' })]),
  )
  expect([...found].sort((a, b) => a - b)).toEqual([-unitMs, startMs, startMs + unitMs])
})
