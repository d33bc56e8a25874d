import { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { gunzip, inflate } from 'node:zlib'
import type { Context } from 'hono'
import { AppError, type ErrorCode, messageOf } from '../../lib/errors.ts'
import type { HttpEnv } from '../env.ts'
import type { BodyMemory } from './body-memory.ts'
import { pay } from './quotas.ts'

const unzip = { gzip: promisify(gunzip), 'x-gzip': promisify(gunzip), deflate: promisify(inflate) } as const

export type BodyLimit = {
  readonly bytesMax: number
  readonly code: Extract<ErrorCode, 'INGEST_BODY_TOO_LARGE' | 'BODY_TOO_LARGE'>
  /** Taken instead of what the request says of its encoding. */
  readonly encoding?: 'identity'
  /** Where to put a body of several pieces; whoever names it gives the body back to it. */
  readonly memory?: BodyMemory
}

/**
 * The whole request body, decompressed.
 *
 * Reads Node's own stream where there is one, which costs less than the web stream. The limit holds
 * for the bytes received and again for the bytes they unpack to, so a bomb stops early.
 */
export async function readBody(c: Context<HttpEnv>, limit: BodyLimit): Promise<Buffer> {
  const declared = Number(c.req.header('content-length') ?? 0)
  if (declared > limit.bytesMax) throw tooLarge(limit)
  const incoming = c.env?.incoming
  const received =
    incoming instanceof IncomingMessage ? await receive(incoming, declared, limit) : await collect(c.req.raw.body ?? [], limit)
  const body = await decompress(received, limit.encoding ?? (c.req.header('content-encoding') ?? '').trim().toLowerCase(), limit)
  if (body !== received) limit.memory?.giveBack(received)
  pay(c, 'bytes', body.length)
  return body
}

/** By events: an iterator over the same stream costs a third more CPU for a small body. */
function receive(incoming: IncomingMessage, declared: number, limit: BodyLimit): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces = createPieces(declared, limit.memory)
    let bytes = 0
    incoming.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= limit.bytesMax) pieces.add(chunk)
      else reject(tooLarge(limit))
    })
    incoming.on('end', () => resolve(pieces.whole()))
    incoming.on('error', (thrown) => reject(brokenOff(thrown)))
    incoming.on('close', () => incoming.complete || reject(brokenOff(incoming.errored)))
  })
}

/** Puts pieces together: where the length is known, each is copied once, into memory that was used before. */
function createPieces(declared: number, memory: BodyMemory | undefined) {
  const chunks: Buffer[] = []
  let whole: Buffer | undefined
  let at = 0
  return {
    add(chunk: Buffer): void {
      // Only now, when something came: a sender may declare much and never send it.
      if (at === 0 && chunk.length < declared) whole = memory?.take(declared)
      if (whole) whole.set(chunk, at)
      else chunks.push(chunk)
      at += chunk.length
    },
    whole: (): Buffer => whole ?? (chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)),
  }
}

/** The same for a request that comes without a server, as in tests. */
async function collect(stream: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, limit: BodyLimit): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of stream) {
    bytes += chunk.byteLength
    if (bytes > limit.bytesMax) throw tooLarge(limit)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, bytes)
}

function brokenOff(cause: unknown): AppError {
  return new AppError('BAD_REQUEST', 'The request ended before its body was complete; send it again.', { cause })
}

async function decompress(body: Buffer, encoding: string, limit: BodyLimit): Promise<Buffer> {
  if (encoding === '' || encoding === 'identity') return body
  if (!(encoding in unzip)) {
    throw new AppError('INGEST_ENCODING_UNSUPPORTED', `Content-Encoding "${encoding}" is not understood; use gzip, deflate or none.`)
  }
  if (body.length === 0) return body
  try {
    return await unzip[encoding as keyof typeof unzip](body, { maxOutputLength: limit.bytesMax })
  } catch (thrown) {
    if ((thrown as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit)
    throw new AppError('BAD_REQUEST', `The body is not valid ${encoding}: ${messageOf(thrown)}.`, { cause: thrown })
  }
}

function tooLarge(limit: BodyLimit): AppError {
  return new AppError(limit.code, `The body is larger than ${limit.bytesMax} bytes; send it in smaller parts.`)
}
