import { Document, type YAMLMap, type YAMLSeq } from 'yaml'

/** One entry of a list of the configuration, and in what it differs from what it was made of. */
export type Part = { readonly value: Readonly<Record<string, unknown>>; readonly notes: readonly string[] }

/** Something that has no counterpart: where it stands in its file, what it is, and why. */
export type Left = { readonly path: readonly PropertyKey[]; readonly what: string; readonly why: string }

/** Parts of our configuration that were made of another system's, and what could not be. */
export type Converted = {
  readonly parts: Readonly<Record<string, readonly Part[] | Part>>
  readonly left: readonly Left[]
}

/** As YAML, each note as a comment above what it is about. */
export function toYaml({ parts }: Converted): string {
  const filled = Object.entries(parts).filter(([, part]) => !isList(part) || part.length > 0)
  const values = filled.map(([key, part]) => [key, isList(part) ? part.map(({ value }) => value) : part.value])
  const document = new Document(Object.fromEntries(values), { aliasDuplicateObjects: false })
  for (const [key, part] of filled) {
    const node = document.get(key)
    if (!isList(part)) comment(node as YAMLMap, part.notes)
    else for (const [index, { notes }] of part.entries()) comment((node as YAMLSeq<YAMLMap>).items[index], notes)
  }
  return filled.length === 0 ? '' : document.toString({ lineWidth: 0 })
}

function isList(part: readonly Part[] | Part): part is readonly Part[] {
  return Array.isArray(part)
}

function comment(node: YAMLMap | undefined, notes: readonly string[]): void {
  if (node && notes.length > 0) node.commentBefore = notes.map((note) => ` ${note.replaceAll('\n', ' ')}`).join('\n')
}
