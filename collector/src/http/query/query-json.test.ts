import { expect, it } from 'vitest'
import type { QueryResponse } from '../../contract/query.ts'
import { fc } from '../../lib/fake-chance.ts'
import { toQueryJson } from './query-json.ts'

const frameOf = (rows: number, times = Array.from({ length: rows }, (_, i) => i * 1000)) => ({
  name: 'm "quoted"',
  labels: { host: 'é' },
  fields: [
    { name: 'time', type: 'time' as const, values: times },
    { name: 'v', type: 'number' as const, values: times.map((time) => time / 7), unit: 'percent' },
    { name: 's', type: 'string' as const, values: times.map((time) => (time % 3000 === 0 ? null : `text ${time}`)) },
  ],
})

async function read(response: QueryResponse): Promise<unknown> {
  return JSON.parse(await new Response(toQueryJson(response)).text())
}

it('writes what JSON.stringify writes, whatever the number of results, frames and rows', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(fc.integer({ min: 0, max: 6000 }), { maxLength: 4 }), { maxLength: 3 }), async (results) => {
      const shared = frameOf(5).fields[0]?.values as number[]
      const response: QueryResponse = {
        results: Object.fromEntries([
          ...results.map((sizes, i) => [
            `R${i}`,
            { frames: [...sizes.map((size) => frameOf(size)), frameOf(5, shared), frameOf(5, shared)] },
          ]),
          ['broken', { error: { code: 'QUERY_INVALID', message: 'no' } }],
        ]),
      }
      expect(await read(response)).toEqual(JSON.parse(JSON.stringify(response)))
    }),
    { numRuns: 20 },
  )
})

it('writes a small answer at once, and a large one in pieces of at most ten thousand values', async () => {
  expect(toQueryJson({ results: { A: { frames: [frameOf(100)] } } })).toBeTypeOf('string')
  const stream = toQueryJson({ results: { A: { frames: [frameOf(200_000)] } } }) as ReadableStream<Uint8Array>
  let pieces = 0
  for await (const piece of stream) {
    pieces++
    expect(piece.length).toBeLessThan(400_000)
  }
  expect(pieces).toBeGreaterThanOrEqual(60)
})

it('stops when the client leaves', async () => {
  const stream = toQueryJson({ results: { A: { frames: [frameOf(200_000)] } } }) as ReadableStream<Uint8Array>
  const reader = stream.getReader()
  expect((await reader.read()).done).toBe(false)
  await reader.cancel()
  expect((await reader.read()).done).toBe(true)
})
