import { z } from 'zod'
import { configSchema, secretSections } from './schema.ts'

type Node = { properties?: Record<string, Node>; required?: string[]; patternProperties?: object; [key: string]: unknown }

/**
 * The configuration file as a JSON schema, for editors and for checks before it is rolled out.
 *
 * It says less than `tidewatch check-config`, which also knows what belongs together.
 */
export function configJsonSchema(): object {
  const schema = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }) as Node
  for (const section of Object.keys(secretSections)) allowSecretFiles(schema.properties?.[section])
  return { ...schema, title: 'Tidewatch configuration', description: 'tidewatch.yaml: every part may be left out.' }
}

/** Any option may come from a file, `tokenFile` in place of `token`: so none that is a text can be required. */
function allowSecretFiles(node: unknown): void {
  if (Array.isArray(node)) for (const part of node) allowSecretFiles(part)
  if (typeof node !== 'object' || node === null) return
  const { properties, required } = node as Node
  if (properties) {
    const part = node as Node
    part.patternProperties = { File$: { type: 'string', description: 'The value is read from this file.' } }
    if (required) part.required = required.filter((name) => ['name', 'type'].includes(name) || properties[name]?.type !== 'string')
  }
  for (const key of ['items', 'oneOf', 'anyOf', 'allOf']) allowSecretFiles((node as Node)[key])
}
