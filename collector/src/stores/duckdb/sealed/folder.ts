import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { open, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../lib/errors.ts'
import type { Log } from '../../../lib/log.ts'
import type { SealedFile } from './catalogue.ts'
import { dateOf } from './days.ts'

export type SealedFolder = ReturnType<typeof createSealedFolder>

/** The folder of sealed days. */
export function createSealedFolder({ path, log }: { path: string; log: Log }) {
  mkdirSync(path, { recursive: true })
  const missing = new Set<string>()
  const damaged = new Set<string>()
  const pathOf = ({ name }: Pick<SealedFile, 'name'>) => join(path, name)

  return {
    path,
    pathOf,
    /**
     * Compares the folder with the catalogue: what nobody knows is left from a sealing that did not
     * end, and goes. A file that was taken away is left out of answers from here on.
     */
    async check(files: readonly SealedFile[]): Promise<void> {
      const known = new Map(files.map((file) => [file.name, file]))
      for (const name of readdirSync(path)) if (!known.has(name)) await unlink(join(path, name))
      for (const file of files) {
        const bytes = statSync(pathOf(file), { throwIfNoEntry: false })?.size
        if (bytes === undefined) {
          missing.add(file.name)
          log.warn(
            { file: pathOf(file), rows: file.rows },
            `duckdb: a sealed file of ${dateOf(file.day)} is not there; answers go without what it holds`,
          )
        } else if (bytes !== file.bytes) {
          damaged.add(file.name)
          log.error({ file: pathOf(file) }, damage(pathOf(file), file.day).message)
        }
      }
    },
    /** The files that can be read. Throws when one of them cannot, and was not taken away on purpose. */
    usable(files: readonly SealedFile[]): SealedFile[] {
      for (const file of files) if (damaged.has(file.name)) throw damage(pathOf(file), file.day)
      return missing.size === 0 ? [...files] : files.filter(({ name }) => !missing.has(name))
    },
    missingFiles: () => missing.size,
    /** After this the file survives a power cut. */
    async sync(name: string): Promise<number> {
      await syncPath(path)
      return syncPath(join(path, name))
    },
    async remove(name: string): Promise<void> {
      missing.delete(name)
      damaged.delete(name)
      await unlink(join(path, name)).catch((thrown: NodeJS.ErrnoException) => {
        if (thrown.code !== 'ENOENT')
          log.warn({ err: thrown }, 'duckdb: a sealed file that is not needed any more was not deleted; the next start tries again')
      })
    },
  }
}

async function syncPath(path: string): Promise<number> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
    return (await handle.stat()).size
  } finally {
    await handle.close()
  }
}

function damage(path: string, day: number): AppError {
  return new AppError(
    'STORE_CORRUPT',
    `duckdb: ${path}, which holds values of ${dateOf(day)}, is damaged. Stop the collector and put the file back from a backup, or move it away to go on without what it holds; the other days can be read.`,
  )
}
