import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { Context } from 'hono'
import { getMimeType } from 'hono/utils/mime'
import type { HttpEnv } from './env.ts'

const encodings = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const
/** Plain names only: no empty, hidden or climbing parts, nothing encoded. */
const plainPath = /^(?:[\w@+~-][\w@+~.-]*\/)*[\w@+~-][\w@+~.-]*$/
/** A content hash in the file name, as the bundler writes it. */
const hashed = /[.-][0-9a-f]{8,}\.[a-z0-9.]+$/

/**
 * Sends a file of `folder`, precompressed when a `.br` or `.gz` lies beside it; undefined when there
 * is none. Files with a hash in their name never change; all others are asked for again, cheaply.
 */
export async function sendFile(c: Context<HttpEnv>, folder: string, path: string): Promise<Response | undefined> {
  if (!plainPath.test(path)) return undefined
  const found = await findEncoded(join(folder, path), c.req.header('accept-encoding') ?? '')
  if (!found) return undefined

  const tag = `W/"${found.size.toString(16)}-${Math.floor(found.mtimeMs).toString(16)}"`
  c.header('ETag', tag)
  c.header('Cache-Control', hashed.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache')
  c.header('Vary', 'Accept-Encoding')
  if (c.req.header('if-none-match') === tag) return c.body(null, 304)
  if (found.encoding) c.header('Content-Encoding', found.encoding)
  c.header('Content-Type', getMimeType(path) ?? 'application/octet-stream')
  c.header('Content-Length', String(found.size))
  if (c.req.method === 'HEAD') return c.body(null)
  return c.body(Readable.toWeb(createReadStream(found.file)) as ReadableStream)
}

type Found = { file: string; size: number; mtimeMs: number; encoding?: string }

async function findEncoded(file: string, accepted: string): Promise<Found | undefined> {
  const plain = await statFile(file)
  if (!plain) return undefined
  for (const [encoding, suffix] of encodings) {
    if (!new RegExp(`\\b${encoding}\\b(?!;\\s*q=0(?:[,.\\s]|$))`).test(accepted)) continue
    const packed = await statFile(file + suffix)
    if (packed) return { file: file + suffix, encoding, ...packed }
  }
  return { file, ...plain }
}

async function statFile(file: string): Promise<{ size: number; mtimeMs: number } | undefined> {
  try {
    const found = await stat(file)
    return found.isFile() ? { size: found.size, mtimeMs: found.mtimeMs } : undefined
  } catch {
    return undefined
  }
}
