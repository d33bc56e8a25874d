import { z } from 'zod'

/** https://www.rfc-editor.org/rfc/rfc9110#name-field-names, and a value in one line. */
const name = z.string().regex(/^[!#$%&'*+.^_`|~\w-]{1,200}$/, 'is no name of a header')
const value = z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'may hold no line breaks, and no signs outside of Latin-1')

/**
 * Headers that a person adds, in small letters: two spellings of one name would both be sent, as
 * `application/json, application/json`.
 */
export const extraHeaders = z
  .record(name, value)
  .transform((given) => Object.fromEntries(Object.entries(given).map(([name, text]) => [name.toLowerCase(), text])))
  .prefault({})
  .meta({ description: 'Sent along, for example Authorization.' })
