import { expect, it } from 'vitest'
import type { MetricsQuery } from '../../../model/query.ts'
import { startMs, toQuery } from '../../contract/subject.ts'
import { createBucketFrames } from '../../shared/bucket-frames.ts'
import { createPlan } from '../../shared/plan.ts'
import { type Picks, pickFields } from '../picks.ts'
import { createLastValues } from './last-values.ts'
import { asksForLast, takeLast } from './take-last.ts'

const range = { from: startMs, to: startMs + 60_000 }
const seriesOf = (host: string, fid: number) => ({ measurement: 'm', tags: { host }, key: host, fields: new Map([['v', fid]]) })
const series = ['a', 'b', 'c'].map(seriesOf)

/** Seconds since the start and value of the hosts a, b and c; what memory answers and what is left to read. */
async function take(written: readonly (readonly [seconds: number, value: number])[], changes: Partial<MetricsQuery> = {}) {
  const last = createLastValues()
  for (const [fid, [seconds, value]] of written.entries()) last.found(fid, BigInt(startMs + seconds * 1000) * 1_000_000n, value)
  const plan = createPlan(toQuery({ aggregate: 'last', ...changes }), range, new Map([['v', 'float']]))
  const frames = createBucketFrames(plan)
  const left: Picks = takeLast(pickFields(plan, series, frames.groups), plan, frames, last)
  const fids = [...left.values()].flatMap((picks) => picks.map(({ fid }) => fid))
  return { answer: (await frames.frames()).map(({ labels, fields }) => [labels.host, fields[1]?.values[0]]), fids }
}

it('answers fields whose newest value lies in the range, and leaves out older ones', async () => {
  expect(await take([[0, 1], [59.999, 2], [-0.001, 3]], { groupBy: ['host'] })).toEqual({ answer: [['a', 1], ['b', 2]], fids: [] }) // biome-ignore format: rows
})

it('leaves to the tables what has a newer value than the range, with all series of its label set', async () => {
  expect(await take([[1, 1], [60, 2], [2, 3]], { groupBy: ['host'] })).toEqual({ answer: [['a', 1], ['c', 3]], fids: [1] }) // biome-ignore format: rows
  expect(await take([[1, 1], [60, 2], [2, 3]])).toEqual({ answer: [], fids: [0, 1, 2] }) // biome-ignore format: rows
})

it('takes the larger of values at one instant', async () => {
  expect((await take([[5, 1], [5, 3], [5, 2]])).answer).toEqual([[undefined, 3]]) // biome-ignore format: rows
})

it('is asked for the last value of the whole range alone', () => {
  const planOf = (changes: Partial<MetricsQuery>) => createPlan(toQuery(changes), range, new Map([['v', 'float']]))
  expect(asksForLast(planOf({ aggregate: 'last' }))).toBe(true)
  expect(asksForLast(planOf({ aggregate: 'last', everyMs: 60_000 }))).toBe(true)
  expect(asksForLast(planOf({ aggregate: 'last', everyMs: 30_000 }))).toBe(false)
  expect(asksForLast(planOf({ aggregate: 'first' }))).toBe(false)
})
