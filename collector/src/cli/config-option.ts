import { existsSync, readFileSync } from 'node:fs'
import type { Config } from '../config/config.ts'
import { loadConfig } from '../config/load.ts'
import type { Flags } from '../config/overrides.ts'

/** The configuration as flags, environment and file say, in this order of strength. */
export function configOf(flags: Flags): Config {
  return loadConfig({
    flags,
    env: process.env,
    files: { exists: existsSync, read: (path) => readFileSync(path, 'utf8') },
  })
}
