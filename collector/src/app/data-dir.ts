import { accessSync, constants, existsSync, mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Config } from '../config/config.ts'
import { AppError, messageOf } from '../lib/errors.ts'

/** Makes the data directory if need be; throws a sentence when it cannot be written. */
export function prepareDataDir(path: string): string {
  const dataDir = resolve(path)
  try {
    makeFolder(dataDir)
    accessSync(dataDir, constants.W_OK | constants.X_OK)
    return dataDir
  } catch (thrown) {
    const reason = (thrown as NodeJS.ErrnoException).code === 'EACCES' ? 'it is not writable by this user' : messageOf(thrown)
    const message = `Cannot keep data in ${dataDir}: ${reason}. Make it writable, or choose another directory with --data.`
    throw new AppError('START_FAILED', message, { cause: thrown })
  }
}

// Not `recursive: true`: where the kernel refuses to make a folder with ENOENT, as in /proc, Node tries for ever.
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  mkdirSync(path)
}

/** Where points wait for the store. */
export function spoolFolder({ data, spool }: Pick<Config, 'data' | 'spool'>): string {
  return resolve(spool.path ?? join(data, 'spool'))
}
