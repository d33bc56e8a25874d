import type { z } from 'zod'
import type { configSchema } from './schema.ts'

/** The configuration as the collector uses it: parsed once, whole, frozen. */
export type Config = z.output<typeof configSchema> & {
  /** Where it was read; none: the defaults. */
  readonly file?: string
}
