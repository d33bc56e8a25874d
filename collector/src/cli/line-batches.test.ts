import { expect, it } from 'vitest'
import { fc } from '../lib/fake-chance.ts'
import { toLineBatches } from './line-batches.ts'

async function cut(text: string, linesMax: number, chunkBytes: number) {
  const bytes = Buffer.from(text)
  async function* chunks() {
    for (let begin = 0; begin < bytes.length; begin += chunkBytes) yield bytes.subarray(begin, begin + chunkBytes)
  }
  const batches: { text: string; firstLine: number; lines: number }[] = []
  for await (const { bytes: part, ...batch } of toLineBatches(chunks(), linesMax)) batches.push({ text: part.toString(), ...batch })
  return batches
}

it('cuts at line ends only, wherever the chunks of a file end', async () => {
  const lines = ['m,t=a"b v="x\ny"\n', 'm\\ "n v="\\"\n\\\\" 1\n', 'm v=1\n', 'm v="z" 5\n', 'm v=2 7']
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 6 }), async (chunkBytes, linesMax) => {
      const batches = await cut(lines.join(''), linesMax, chunkBytes)
      const expected = Array.from({ length: Math.ceil(lines.length / linesMax) }, (_, i) => {
        const own = lines.slice(i * linesMax, (i + 1) * linesMax)
        return { text: own.join(''), firstLine: i * linesMax + 1, lines: own.length }
      })
      expect(batches).toEqual(expected)
    }),
  )
})
