import { accessSync, constants, mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { AppError, messageOf } from '../lib/errors.ts'

/** Makes the data directory if need be; throws a sentence when it cannot be written. */
export function prepareDataDir(path: string): string {
  const dataDir = resolve(path)
  try {
    mkdirSync(dataDir, { recursive: true })
    accessSync(dataDir, constants.W_OK | constants.X_OK)
    return dataDir
  } catch (thrown) {
    const reason = (thrown as NodeJS.ErrnoException).code === 'EACCES' ? 'it is not writable by this user' : messageOf(thrown)
    throw new AppError(
      'START_FAILED',
      `Cannot keep data in ${dataDir}: ${reason}. Make it writable, or choose another directory with --data.`,
      {
        cause: thrown,
      },
    )
  }
}
