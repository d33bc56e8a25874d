import { readFileSync } from 'node:fs'
import { AppError, messageOf } from '../lib/errors.ts'

/** The text of a file that somebody named, or a sentence that says why there is none. */
export function readGivenFile(path: string, read = (file: string): string => readFileSync(file, 'utf8')): string {
  try {
    return read(path)
  } catch (thrown) {
    throw new AppError('CONFIG_INVALID', `Cannot read ${path}: ${messageOf(thrown)}`, { cause: thrown })
  }
}
