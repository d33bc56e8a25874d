import type { AlertInstance } from '../model/alert-records.ts'

export type InstanceSource = {
  find(id: string): AlertInstance | undefined
  active(): readonly AlertInstance[]
  /** Forgets an instance; it comes back when there is still reason for it. */
  forget(instance: AlertInstance): void
}

/** Every instance there is, whoever keeps it. */
export function createCatalogue(sources: readonly InstanceSource[]): InstanceSource {
  return {
    find(id) {
      for (const source of sources) {
        const found = source.find(id)
        if (found) return found
      }
      return undefined
    },
    active: () => sources.flatMap((source) => source.active()),
    forget(instance) {
      for (const source of sources) source.forget(instance)
    },
  }
}
