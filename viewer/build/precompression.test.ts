import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { rspack } from '@rspack/core'
import { afterAll, describe, expect, it } from 'vitest'
import { createPrecompression } from './precompression.ts'

const folder = mkdtempSync(join(tmpdir(), 'precompression-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('createPrecompression', () => {
  it('writes both encodings beside large text files, and nothing beside small ones', async () => {
    writeFileSync(join(folder, 'entry.js'), `globalThis.text = ${JSON.stringify('tide '.repeat(1000))}`)
    const path = join(folder, 'dist')
    const compiler = rspack({
      context: folder,
      mode: 'production',
      entry: { large: './entry.js', small: 'data:text/javascript,globalThis.small = 1' },
      output: { path },
      plugins: [createPrecompression({ bytesMin: 1024 })],
    })
    await new Promise<void>((resolve, reject) => compiler.run((error) => (error ? reject(error) : resolve())))
    expect(readdirSync(path).sort()).toEqual(['large.js', 'large.js.br', 'large.js.gz', 'small.js'])
    const plain = readFileSync(join(path, 'large.js'))
    expect(brotliDecompressSync(readFileSync(join(path, 'large.js.br')))).toEqual(plain)
    expect(gunzipSync(readFileSync(join(path, 'large.js.gz')))).toEqual(plain)
  })
})
