import type { DuckDBConnection } from '@duckdb/node-api'
import type { Database } from '../database.ts'
import { readCatalogue, type SealedFile } from './catalogue.ts'
import { createSealedFolder } from './folder.ts'
import { createSealedRelations } from './relation.ts'
import { type RoundsDoors, startRounds } from './rounds.ts'

export type SealedDays = Awaited<ReturnType<typeof openSealedDays>>

type Doors = Omit<RoundsDoors, 'reader' | 'folder' | 'discard' | 'onSealing' | 'onChanged'> & {
  readonly database: Database
  /** The least fid of all fields with this one's measurement and name. */
  readonly leadOf: (fid: number) => number
  /** Resolves when whoever may be reading files now has ended. */
  readonly readersEnded: () => Promise<void>
}

/** Closed days in files of their own: the reading of them, and the rounds that make and delete them. */
export async function openSealedDays({ database, readersEnded, leadOf, ...doors }: Doors) {
  const reader: DuckDBConnection = await database.connect()
  const folder = createSealedFolder({ path: database.sealedPath, log: doors.log })
  const files = await readCatalogue(reader)
  await folder.check(files)
  let firstOpenDay = files.reduce((first, { day }) => Math.max(first, day + 1), 0)
  let bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  let discarding: Promise<void> = Promise.resolve()

  async function discard(replaced: readonly SealedFile[]): Promise<void> {
    await readersEnded()
    for (const { name } of replaced) await folder.remove(name)
  }

  const rounds = startRounds({
    ...doors,
    reader,
    folder,
    discard: (replaced) => {
      if (replaced.length > 0) discarding = discarding.then(() => discard(replaced))
    },
    onSealing: (day) => {
      firstOpenDay = Math.max(firstOpenDay, day + 1)
    },
    onChanged: (moreBytes) => {
      bytes += moreBytes
    },
  })

  return {
    relationOf: createSealedRelations({ folder, firstOpenDay: () => firstOpenDay, leadOf }),
    /** Seals every day that has ended, without waiting for late points. */
    seal: rounds.seal,
    bytes: () => bytes,
    /** Files that somebody took away; answers go without what they hold. */
    missingFiles: folder.missingFiles,
    async close(): Promise<void> {
      await rounds.stop()
      await discarding
      reader.closeSync()
    },
  }
}
