import { inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { Course } from '../../model/alert.ts'
import { sampleNotification } from '../contract.ts'
import { createMail } from './mail.ts'
import { toPng } from './png.ts'
import { drawSparkline } from './sparkline.ts'

const minute = 60_000
const courseOf = (values: readonly number[], times = values.map((_, index) => index * minute)): Course => ({
  what: 'load.value',
  times,
  values,
})

/** The opacities in a PNG of ours, by row, read anew from its bytes. */
function read(png: Buffer) {
  const chunks = new Map<string, Buffer>()
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12)
    chunks.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + png.readUInt32BE(at)))
  const header = chunks.get('IHDR') ?? Buffer.alloc(13)
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)]
  const rows = inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0))
  const alphaAt = (x: number, y: number) => rows[y * (width + 1) + 1 + x] ?? 0
  /** The first row from above where the column is opaque. */
  const topOf = (x: number) => Array.from({ length: height }, (_, y) => y).find((y) => alphaAt(x, y) > 200)
  return { names: [...chunks.keys()], width, height, rows: rows.length, topOf }
}

test('is a PNG of twice its size on the page, with the least below and the most above', () => {
  const picture = read(toPng(drawSparkline(courseOf([0, 0, 0, 10, 10, 10]), 'e5484d')))
  expect(picture).toMatchObject({ names: ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'], width: 1184, height: 128, rows: 1185 * 128 })
  expect(picture.topOf(200)).toBeGreaterThan(110)
  expect(picture.topOf(900)).toBeLessThan(16)
})

test('draws no line through a gap, and a value that never moved in the middle', () => {
  const gap = read(toPng(drawSparkline(courseOf([1, 2, 1, 2], [0, minute, 20 * minute, 21 * minute]), 'e5484d')))
  expect(gap.topOf(592)).toBeUndefined()
  const flat = read(toPng(drawSparkline(courseOf([5, 5, 5, 5]), 'e5484d')))
  expect(flat.topOf(592)).toBeGreaterThan(55)
  expect(flat.topOf(592)).toBeLessThan(66)
})

test('a mail has at most ten pictures, whatever the group', () => {
  const [alert] = sampleNotification.alerts
  if (!alert) throw new Error('the sample has alerts')
  const alerts = Array.from({ length: 30 }, (_, index) => ({ ...alert, id: String(index), course: courseOf([1, 2, index]) }))
  const mail = createMail({ ...sampleNotification, alerts }, { from: 'a@example.org', to: ['b@example.org'] })
  expect(mail.attachments).toHaveLength(10)
  expect(mail.html.match(/<img /g)).toHaveLength(10)
  expect(mail.text.match(/Went: /g)).toHaveLength(3)
})
