import type { complete } from './complete.ts'

/** The configuration as the collector uses it: parsed once, whole, frozen. */
export type Config = ReturnType<typeof complete> & {
  /** Where it was read; none: the defaults. */
  readonly file?: string
}
