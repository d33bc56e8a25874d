import { readdir, rename, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../../lib/log.ts'
import { type HeldFile, makeRoom } from './make-room.ts'
import type { Segment } from './segment.ts'

const suffix = '.damaged'

type Options = { readonly directory: string; readonly bytesMax: number; readonly log: Log }

/** Keeps segments that could not be read whole, for people; the oldest makes room. */
export function createDamaged({ directory, bytesMax, log }: Options) {
  let files = 0

  async function bound(): Promise<void> {
    await makeRoom(await listDamaged(directory), bytesMax, (file) =>
      log.error({ file }, 'spool: too many damaged segments are kept, and the oldest was deleted'),
    )
    files = (await listDamaged(directory)).length
  }

  return {
    start: bound,
    /** Deletes a segment that was read to its end; a damaged one is kept under another name. */
    async discard({ path, damagedBytes }: Segment): Promise<void> {
      if (damagedBytes === 0) return void (await unlink(path).catch(ignoreMissing))
      const about = { file: `${path}${suffix}`, bytes: damagedBytes }
      log.error(about, 'spool: a segment was damaged; what could be read of it was taken, and the file is kept')
      await rename(path, about.file).catch(ignoreMissing)
      await bound()
    },
    /** How many are kept. */
    files: () => files,
  }
}

/** The damaged segments that are kept in a folder, oldest first. */
export async function listDamaged(directory: string): Promise<HeldFile[]> {
  const names = (await readdir(directory).catch(ignoreMissing)) ?? []
  const paths = names
    .filter((name) => name.endsWith(suffix))
    .sort()
    .map((name) => join(directory, name))
  return Promise.all(paths.map(async (path) => ({ path, bytes: (await stat(path).catch(ignoreMissing))?.size ?? 0 })))
}

function ignoreMissing(thrown: NodeJS.ErrnoException): undefined {
  if (thrown.code !== 'ENOENT') throw thrown
}
