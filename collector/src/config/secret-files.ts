import { messageOf } from '../lib/errors.ts'
import type { Problem } from '../lib/problems.ts'

/** Which options may hold a secret, by section: told by the section's schema and the entry's own type. */
export type SecretSections = Readonly<Record<string, (entry: Readonly<Record<string, unknown>>) => readonly string[]>>

/**
 * Reads secrets from files: `tokenFile: /run/secrets/slack` becomes `token: <content>`.
 *
 * It holds for every option `x` whose schema does not know `xFile` itself, so kinds need not care.
 */
export function readSecretFiles(
  data: unknown,
  sections: SecretSections,
  read: (path: string) => string,
): { data: unknown; problems: readonly Problem[] } {
  const problems: Problem[] = []
  if (!isGroup(data)) return { data, problems }

  const replace = (entry: unknown, path: PropertyKey[], keysOf: SecretSections[string]): unknown => {
    if (!isGroup(entry)) return entry
    const known = keysOf(entry)
    const isSecretFile = (key: string) => key.endsWith('File') && !known.includes(key) && known.includes(key.slice(0, -4))
    return Object.fromEntries(
      Object.entries(entry).map(([key, value]) => {
        if (!isSecretFile(key) || typeof value !== 'string') return [key, value]
        const option = key.slice(0, -4)
        if (option in entry) problems.push({ path: [...path, key], message: `give ${option} or ${key}, not both` })
        return [option, readSecret(value, [...path, key])]
      }),
    )
  }

  function readSecret(file: string, path: PropertyKey[]): string {
    try {
      return read(file).trim()
    } catch (thrown) {
      problems.push({ path, message: `cannot read ${file}: ${messageOf(thrown)}` })
      return ''
    }
  }

  const result = Object.entries(data).map(([name, section]) => {
    const keysOf = sections[name]
    if (!keysOf) return [name, section]
    if (Array.isArray(section)) return [name, section.map((entry, index) => replace(entry, [name, index], keysOf))]
    return [name, replace(section, [name], keysOf)]
  })
  return { data: Object.fromEntries(result), problems }
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
