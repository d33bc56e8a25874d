import { z } from 'zod'

/** A receiver's address; credentials have options of their own. */
export const webAddress = z
  .url({ protocol: /^https?$/, error: 'must be an http or https address' })
  .refine((url) => !URL.canParse(url) || new URL(url).username === '', 'must not hold a user name')

/** Appends a path to a base address, whether or not it ends in a slash. */
export const under = (base: string, path: string): string => `${base.replace(/\/+$/, '')}${path}`
