import { type DataTransformerInfo, standardTransformers, standardTransformersRegistry, type TransformerRegistryItem } from '@grafana/data'
import { NoEditor } from './editors.ts'

export function registerTransformers() {
  standardTransformersRegistry.setInit(listTransformers)
}

/** Every transformation of the data package, each under its id once: some are exported by two names. */
export function listTransformers(): TransformerRegistryItem[] {
  const byId = new Map<string, DataTransformerInfo>()
  for (const transformer of Object.values(standardTransformers) as DataTransformerInfo[]) byId.set(transformer.id, transformer)
  return [...byId.values()].map((transformer) => ({
    id: transformer.id,
    name: transformer.name,
    description: transformer.description,
    transformation: () => Promise.resolve(transformer),
    editor: NoEditor,
    imageDark: '',
    imageLight: '',
  }))
}
