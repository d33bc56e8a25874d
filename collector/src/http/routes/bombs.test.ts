import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { createFakeDoors, smallLimits } from '../fakes/fake-doors.ts'
import { createHttp } from '../server.ts'

const unpackedBytes = 200_000_000
const bombs = { gzip: gzipSync(Buffer.alloc(unpackedBytes)), deflate: deflateSync(Buffer.alloc(unpackedBytes)) }
const doors = [
  ['/write?db=a', 'text/plain'],
  ['/api/v2/write', 'text/plain'],
  ['/api/v3/write_lp?db=a', 'text/plain'],
  ['/api/v1/push', 'application/json'],
  ['/v1/metrics', 'application/json'],
  ['/v1/metrics', 'application/x-protobuf'],
  ['/metrics/job/a', 'text/plain'],
] as const

it.each(doors)('refuses at %s (%s) what unpacks to a thousand times its size, and unpacks no more than it may', async (path, type) => {
  const { app } = createHttp(createFakeDoors({ limits: { ...smallLimits, ingestBodyBytesMax: 1_000_000 } }))
  for (const [encoding, body] of Object.entries(bombs)) {
    expect(body.length).toBeLessThan(1_000_000)
    const before = process.memoryUsage.rss()
    const answer = await app.request(path, {
      method: 'POST',
      body: body as Uint8Array<ArrayBuffer>,
      headers: { 'content-encoding': encoding, 'content-type': type },
    })
    expect(answer.status, encoding).toBe(413)
    expect(process.memoryUsage.rss() - before).toBeLessThan(unpackedBytes / 4)
  }
})

it('refuses by remote write what says that it unpacks to more than may be, before it unpacks anything', async () => {
  const { app } = createHttp(createFakeDoors())
  // The length of a gigabyte as a varint, and then copies of one byte.
  const bomb = Buffer.concat([Buffer.from([0x80, 0x80, 0x80, 0x80, 0x04, 0x00, 0x61]), Buffer.alloc(9000, Buffer.from([0xfe, 0x01, 0x00]))])
  const answer = await app.request('/api/v1/write', {
    method: 'POST',
    body: bomb,
    headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' },
  })
  expect(answer.status).toBe(413)
})

it('knows no encoding that could hide another', async () => {
  const { app } = createHttp(createFakeDoors())
  for (const encoding of ['br', 'gzip, gzip', 'zstd']) {
    const headers = { 'content-encoding': encoding }
    expect((await app.request('/write?db=a', { method: 'POST', body: brotliCompressSync('a v=1'), headers })).status).toBe(415)
  }
})
