import { crc32, deflateSync } from 'node:zlib'

/** How opaque each pixel is, row after row; one colour for all of them. */
export type Picture = { readonly width: number; readonly height: number; readonly alphas: Uint8Array; readonly color: string }

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const bitDepth = 8
const indexed = 3

/**
 * A picture as PNG: a palette of one colour in 256 opacities, so that any background shows through.
 *
 * https://www.w3.org/TR/png-3/
 */
export function toPng({ width, height, alphas, color }: Picture): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([bitDepth, indexed], 8)
  const palette = Buffer.concat(Array.from({ length: 256 }, () => Buffer.from(color, 'hex')))
  const opacities = Uint8Array.from({ length: 256 }, (_, alpha) => alpha)
  // Each row begins with the number of its filter: 0, none.
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y++) rows.set(alphas.subarray(y * width, (y + 1) * width), y * (width + 1) + 1)
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('tRNS', opacities),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', new Uint8Array()),
  ])
}

function chunk(type: string, data: Uint8Array): Buffer {
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(content))
  return Buffer.concat([length, content, check])
}
