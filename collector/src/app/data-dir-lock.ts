import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { AppError, messageOf } from '../lib/errors.ts'

const heldByAnother = 'held by another'

/** Whether a data directory could not be taken because a collector runs on it. */
export function isHeld(thrown: unknown): boolean {
  return thrown instanceof AppError && thrown.details === heldByAnother
}

/** Who holds a data directory, in words for people. */
export type Holder = { readonly pid: number; readonly host: string; readonly since: string }

/**
 * Takes the data directory for this process alone; the returned function gives it back.
 *
 * The lock is SQLite's on an empty database. The system drops it when the process ends, however it
 * ends, so there is none to clean up after a kill, as there would be with a file that holds a pid.
 */
export function lockDataDir(dataDir: string, holder: Holder): () => void {
  const path = join(dataDir, 'collector.lock')
  const holderPath = join(dataDir, 'collector.json')
  let lock: DatabaseSync | undefined
  try {
    lock = new DatabaseSync(path, { timeout: 0 })
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    writeFileSync(holderPath, JSON.stringify(holder))
    const taken = lock
    return () => taken.close()
  } catch (thrown) {
    lock?.close()
    throw /locked/.test(messageOf(thrown)) ? held(dataDir, holderPath, thrown) : unusable(path, thrown)
  }
}

function held(dataDir: string, holderPath: string, cause: unknown): AppError {
  const message = `Another collector keeps its data in ${dataDir}${describe(holderPath)}. Stop that one, or give this one a directory of its own with --data.`
  return new AppError('START_FAILED', message, { cause, details: heldByAnother })
}

function describe(holderPath: string): string {
  try {
    const { pid, host, since } = JSON.parse(readFileSync(holderPath, 'utf8')) as Holder
    return `: process ${pid} on ${host}, since ${since}`
  } catch {
    return ''
  }
}

function unusable(path: string, cause: unknown): AppError {
  const message = `Cannot lock ${path}: ${messageOf(cause)}. Delete that file if it is not the collector's, or choose another directory with --data.`
  return new AppError('START_FAILED', message, { cause })
}
