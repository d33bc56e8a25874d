import { z } from 'zod'
import * as stores from '../stores/index.ts'
import { oneOfKinds } from './kind-schema.ts'
import type { SecretSections } from './secret-files.ts'
import { limitsSchema, logSchema, serverSchema, tokenSchema } from './settings.ts'

/** The whole configuration file. Every part may be left out. */
export const configSchema = z.strictObject({
  server: serverSchema.prefault({}),
  data: z.string().min(1).default('./data'),
  log: logSchema.prefault({}),
  limits: limitsSchema.prefault({}),
  tokens: z.array(tokenSchema).default([]),
  store: oneOfKinds(stores, {}).prefault({ type: 'duckdb' }),
})

const optionsOf = (kinds: Readonly<Record<string, { type: string; schema: unknown }>>) => (entry: Readonly<Record<string, unknown>>) => {
  const schema = Object.values(kinds).find((kind) => kind.type === entry.type)?.schema
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
}

/** Where secrets may stand, and which options the entry there knows. */
export const secretSections: SecretSections = {
  tokens: () => ['name', 'scopes', 'token', 'hash'],
  store: optionsOf(stores),
}
