import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { open, readFile, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { AppError } from '../../../lib/errors.ts'
import type { Log } from '../../../lib/log.ts'
import type { SealedFile } from './catalogue.ts'
import { dateOf } from './days.ts'

export type SealedFolder = ReturnType<typeof createSealedFolder>

/** A file that no catalogue names yet; what a kill leaves of it is worth nothing. */
const unfinished = '.part'
/** A file of a database that was moved away or replaced by an older copy. */
const setAside = '.of-another-store'

/** The folder of sealed days. */
export function createSealedFolder({ path, log }: { path: string; log: Log }) {
  mkdirSync(path, { recursive: true })
  const missing = new Set<string>()
  const verified = new Set<string>()
  const pathOf = ({ name }: Pick<SealedFile, 'name'>) => join(path, name)

  const partOf = (name: string) => join(path, `${name}${unfinished}`)

  /** What nobody knows: the rest of a sealing that did not end goes, whole files may be all there is of their days and stay. */
  async function putAway(strange: readonly string[]): Promise<void> {
    const whole = strange.filter((name) => !name.endsWith(unfinished))
    for (const name of strange) {
      if (name.endsWith(unfinished)) await unlink(join(path, name))
      else await rename(join(path, name), join(path, `${name}${setAside}`))
    }
    if (whole.length === 0) return
    const files = whole.map((name) => join(path, `${name}${setAside}`))
    const sentence = 'duckdb: the database does not know these sealed files, so they were set aside under these names'
    log.error({ files }, `${sentence}; they are found again when the database they belong to is put back, and may be deleted otherwise`)
  }

  return {
    path,
    pathOf,
    /** Where a file is written until it is published. */
    partOf,
    /** Gives files their names. Before the catalogue names them: it never tells of a file that is not there. */
    async publish(names: readonly string[]): Promise<void> {
      for (const name of names) await rename(partOf(name), join(path, name))
      await syncPath(path)
    },
    /**
     * Compares the folder with the catalogue. A file that was taken away is left out of answers from
     * here on.
     */
    async check(files: readonly SealedFile[]): Promise<void> {
      const known = new Set(files.map(({ name }) => name))
      await putAway(readdirSync(path).filter((name) => !known.has(name) && !name.endsWith(setAside)))
      for (const file of files) {
        if (!existsSync(pathOf(file))) await rename(`${pathOf(file)}${setAside}`, pathOf(file)).catch(() => undefined)
        if (existsSync(pathOf(file))) continue
        missing.add(file.name)
        log.warn(
          { file: pathOf(file), rows: file.rows },
          `duckdb: a sealed file of ${dateOf(file.day)} is not there; answers go without what it holds`,
        )
      }
    },
    /**
     * The files that can be read. Throws when one of them is damaged, which is looked for once in the
     * life of a process: a damaged file may otherwise answer with values that nobody wrote.
     */
    async usable(files: readonly SealedFile[]): Promise<SealedFile[]> {
      const present = files.filter(({ name }) => !missing.has(name))
      for (const file of present) {
        if (verified.has(file.name)) continue
        const bytes = await readFile(pathOf(file)).catch(() => Buffer.alloc(0))
        if (crc32(bytes) !== file.crc) throw damage(pathOf(file), file.day)
        verified.add(file.name)
      }
      return present
    },
    missingFiles: () => missing.size,
    /** After this and `publish` the file survives a power cut. */
    async sync(name: string): Promise<{ bytes: number; crc: number }> {
      const bytes = await readFile(partOf(name))
      await syncPath(partOf(name))
      verified.add(name)
      return { bytes: bytes.length, crc: crc32(bytes) }
    },
    async remove(name: string): Promise<void> {
      missing.delete(name)
      verified.delete(name)
      await unlink(partOf(name)).catch(() => undefined)
      await unlink(join(path, name)).catch((thrown: NodeJS.ErrnoException) => {
        if (thrown.code !== 'ENOENT')
          log.warn({ err: thrown }, 'duckdb: a sealed file that is not needed any more was not deleted; the next start tries again')
      })
    },
  }
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
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
