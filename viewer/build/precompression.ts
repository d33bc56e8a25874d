import { readdirSync, readFileSync, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Compiler } from '@rspack/core'

const toBrotli = promisify(brotliCompress)
const toGzip = promisify(gzip)
const compressible = /\.(js|css|html|svg|json|map|txt)$/

/** Writes `.br` and `.gz` beside every text file of the build, so that no request waits for a compressor. */
export function createPrecompression({ bytesMin }: { bytesMin: number }) {
  return {
    apply(compiler: Compiler) {
      compiler.hooks.afterEmit.tapPromise('precompression', async (compilation) => {
        await compressFolder(compilation.outputOptions.path ?? '', bytesMin)
      })
    },
  }
}

async function compressFolder(folder: string, bytesMin: number) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && compressible.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => statSync(file).size >= bytesMin)
  await Promise.all(files.map(compressFile))
}

async function compressFile(file: string) {
  const content = readFileSync(file)
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length }
  const [brotli, gzipped] = await Promise.all([toBrotli(content, { params }), toGzip(content, { level: 9 })])
  await Promise.all([writeFile(`${file}.br`, brotli), writeFile(`${file}.gz`, gzipped)])
}
